import { z } from 'zod';
import { treeFeatureFaults } from '../trees/trees.ts';
import type { PartFault } from './binary-classifier.ts';
import { createGradientBoosting, gradientBoostingSchema } from './gradient-boosting.ts';
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
import { createRandomForest, randomForestSchema } from './random-forest.ts';
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

/** P(label 1) of the scaled row into `out[at]`: a number that is returned from a call may be put on the heap for it. */
export type PredictInto = (row: Float64Array, out: Float64Array, at: number) => void;

/** Each family has a function of its own here, so that the engine can make one of it and what it calls. */
export function createPredictInto(classifier: Classifier, featureCount: number): PredictInto {
  switch (classifier.family) {
    case 'logistic-regression': {
      const predictProba = createLogisticRegression(classifier);
      return (row, out, at) => {
        out[at] = predictProba(row);
      };
    }
    case 'k-nearest-neighbors': {
      const predictProba = createKNearestNeighbors(classifier, featureCount);
      return (row, out, at) => {
        out[at] = predictProba(row);
      };
    }
    case 'random-forest': {
      const predictProba = createRandomForest(classifier, featureCount);
      return (row, out, at) => {
        out[at] = predictProba(row);
      };
    }
    case 'gradient-boosting': {
      const predictProba = createGradientBoosting(classifier, featureCount);
      return (row, out, at) => {
        out[at] = predictProba(row);
      };
    }
    case 'support-vector-machine': {
      const predictProba = createSupportVectorMachine(classifier, featureCount);
      return (row, out, at) => {
        out[at] = predictProba(row);
      };
    }
    case 'neural-network': {
      const predictProba = createNeuralNetwork(classifier);
      return (row, out, at) => {
        out[at] = predictProba(row);
      };
    }
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
