import { z } from 'zod';
import { treeFeatureFaults } from '../trees/trees.ts';
import type { PartFault } from './binary-classifier.ts';
import {
  createGradientBoosting,
  gradientBoostingSchema,
  prepareGradientBoosting,
} from './gradient-boosting.ts';
import { createIsolationForest, isolationForestSchema, prepareIsolationForest } from './isolation-forest.ts';
import {
  createKNearestNeighbors,
  kNearestNeighborsSchema,
  prepareKNearestNeighbors,
} from './k-nearest-neighbors/k-nearest-neighbors.ts';
import { createLogisticRegression, logisticRegressionSchema } from './logistic-regression.ts';
import {
  createNeuralNetwork,
  type NeuralNetwork,
  neuralNetworkSchema,
  prepareNeuralNetwork,
} from './neural-network/neural-network.ts';
import { createRandomForest, prepareRandomForest, randomForestSchema } from './random-forest.ts';
import {
  createPlattProbability,
  createSupportVectorMachine,
  prepareSupportVectorMachine,
  supportVectorMachineSchema,
} from './support-vector-machine/support-vector-machine.ts';

export const classifierSchema = z.discriminatedUnion('family', [
  logisticRegressionSchema,
  kNearestNeighborsSchema,
  randomForestSchema,
  gradientBoostingSchema,
  supportVectorMachineSchema,
  neuralNetworkSchema,
  isolationForestSchema,
]);
export type Classifier = z.infer<typeof classifierSchema>;
export type Family = Classifier['family'];
/** The families that this package can fit. */
export type TrainedFamily = Exclude<Family, 'isolation-forest'>;

/**
 * A classifier without functions, which threads can exchange: its large parts are typed arrays.
 */
export type PreparedClassifier = ReturnType<typeof prepareClassifier>;

/** @param featureCount d, the length of a row */
export function prepareClassifier(classifier: Classifier, featureCount: number) {
  switch (classifier.family) {
    case 'logistic-regression':
      return classifier;
    case 'k-nearest-neighbors':
      return prepareKNearestNeighbors(classifier, featureCount);
    case 'random-forest':
      return prepareRandomForest(classifier);
    case 'gradient-boosting':
      return prepareGradientBoosting(classifier);
    case 'support-vector-machine':
      return prepareSupportVectorMachine(classifier, featureCount);
    case 'neural-network':
      return prepareNeuralNetwork(classifier);
    case 'isolation-forest':
      return prepareIsolationForest(classifier);
  }
}

/**
 * P(label 1), in [0, 1], of one scaled float64 row; of an isolation forest, a score in [0, 1]. The caller ensures that the row is
 * finite, except for NaN where the classifier takes missing values.
 */
export type PredictProba = (row: Float64Array) => number;

/** @param featureCount d, the length of a row */
export function createPredictProba(classifier: PreparedClassifier, featureCount: number): PredictProba {
  switch (classifier.family) {
    case 'logistic-regression':
      return createLogisticRegression(classifier);
    case 'k-nearest-neighbors':
      return createKNearestNeighbors(classifier);
    case 'random-forest':
      return createRandomForest(classifier, featureCount);
    case 'gradient-boosting':
      return createGradientBoosting(classifier, featureCount);
    case 'support-vector-machine':
      return createSupportVectorMachine(classifier);
    case 'neural-network':
      return createNeuralNetwork(classifier);
    case 'isolation-forest':
      return createIsolationForest(classifier, featureCount);
  }
}

/** The calibrated probability of a classifier; undefined for a classifier without calibration. */
export function createCalibratedProba(classifier: PreparedClassifier): PredictProba | undefined {
  return classifier.family === 'support-vector-machine' ? createPlattProbability(classifier) : undefined;
}

/** Whether the classifier scores rows with missing values (NaN). */
export function takesMissing(classifier: Classifier): boolean {
  return classifier.family === 'gradient-boosting' && classifier.missing_left !== undefined;
}

/** Where the classifier does not fit the number of features. */
export function featureFaults(classifier: Classifier, featureCount: number): PartFault[] {
  switch (classifier.family) {
    case 'logistic-regression':
      return lengthFaults(['coef'], classifier.coef, { expected: featureCount, what: 'one per feature' });
    case 'k-nearest-neighbors': {
      const expected = classifier.labels.length * featureCount;
      const what = `${featureCount} per entry of labels`;
      return lengthFaults(['samples'], classifier.samples, { expected, what });
    }
    case 'random-forest':
    case 'gradient-boosting':
    case 'isolation-forest':
      return treeFeatureFaults(classifier.trees, featureCount);
    case 'support-vector-machine': {
      const expected = classifier.dual_coef.length * featureCount;
      const what = `${featureCount} per entry of dual_coef`;
      return lengthFaults(['support_vectors'], classifier.support_vectors, { expected, what });
    }
    case 'neural-network':
      return networkFaults(classifier, featureCount);
  }
}

function networkFaults({ layers }: NeuralNetwork, featureCount: number): PartFault[] {
  const faults = layers.flatMap(({ kernel, bias }, i) => {
    const inputs = layers[i - 1]?.bias.length ?? featureCount;
    const what = `${inputs} inputs for each of ${bias.length} units`;
    return lengthFaults(['layers', i, 'kernel'], kernel, { expected: inputs * bias.length, what });
  });
  const last = layers.length - 1;
  if (layers[last].activation === 'sigmoid' && layers[last].bias.length === 1) return faults;
  return [...faults, { path: ['layers', last], message: 'expected one unit with the activation sigmoid' }];
}

/** One fault where the array at `path` does not have the expected length, else none. */
function lengthFaults(
  path: PartFault['path'],
  { length }: readonly number[],
  { expected, what }: { expected: number; what: string },
): PartFault[] {
  return length === expected ? [] : [{ path, message: `${length} entries, expected ${expected}, ${what}` }];
}
