import { z } from 'zod';
import { treeFeatureFaults } from '../trees/feature-faults.ts';
import { createGradientBoosting, gradientBoostingSchema } from './gradient-boosting/gradient-boosting.ts';
import {
  createKNearestNeighbors,
  kNearestNeighborsFaults,
  kNearestNeighborsSchema,
} from './k-nearest-neighbors/k-nearest-neighbors.ts';
import {
  createLogisticRegression,
  logisticRegressionFaults,
  logisticRegressionSchema,
} from './logistic-regression/logistic-regression.ts';
import {
  createNeuralNetwork,
  neuralNetworkFaults,
  neuralNetworkSchema,
} from './neural-network/neural-network.ts';
import type { PartFault } from './part-fault.ts';
import { createRandomForest, randomForestSchema } from './random-forest/random-forest.ts';
import {
  createPlattProbability,
  createSupportVectorMachine,
  supportVectorMachineFaults,
  supportVectorMachineSchema,
} from './support-vector-machine/support-vector-machine.ts';

export const classifierSchema = z.discriminatedUnion('family', [
  logisticRegressionSchema,
  kNearestNeighborsSchema,
  randomForestSchema,
  gradientBoostingSchema,
  supportVectorMachineSchema,
  neuralNetworkSchema,
]);
export type Classifier = z.infer<typeof classifierSchema>;
export type Family = Classifier['family'];

/** P(label 1), in [0, 1], of one scaled row of float64; finite input is the caller's promise. */
export type PredictProba = (row: Float64Array) => number;

export function createPredictProba(classifier: Classifier, featureCount: number): PredictProba {
  switch (classifier.family) {
    case 'logistic-regression':
      return createLogisticRegression(classifier);
    case 'k-nearest-neighbors':
      return createKNearestNeighbors(classifier, featureCount);
    case 'random-forest':
      return createRandomForest(classifier, featureCount);
    case 'gradient-boosting':
      return createGradientBoosting(classifier, featureCount);
    case 'support-vector-machine':
      return createSupportVectorMachine(classifier, featureCount);
    case 'neural-network':
      return createNeuralNetwork(classifier);
  }
}

/** A probability that the model was calibrated to, beside its score; undefined for a model that has none. */
export function createCalibratedProba(
  classifier: Classifier,
  featureCount: number,
): PredictProba | undefined {
  return classifier.family === 'support-vector-machine'
    ? createPlattProbability(classifier, featureCount)
    : undefined;
}

/** Where the classifier does not fit the number of features. */
export function featureFaults(classifier: Classifier, featureCount: number): PartFault[] {
  switch (classifier.family) {
    case 'logistic-regression':
      return logisticRegressionFaults(classifier, featureCount);
    case 'k-nearest-neighbors':
      return kNearestNeighborsFaults(classifier, featureCount);
    case 'random-forest':
    case 'gradient-boosting':
      return treeFeatureFaults(classifier.trees, featureCount);
    case 'support-vector-machine':
      return supportVectorMachineFaults(classifier, featureCount);
    case 'neural-network':
      return neuralNetworkFaults(classifier, featureCount);
  }
}
