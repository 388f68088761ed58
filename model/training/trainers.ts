import type { Classifier, TrainedFamily } from '../classifiers/families.ts';
import { fitGradientBoosting, gradientBoostingParametersSchema } from '../classifiers/gradient-boosting.ts';
import {
  fitKNearestNeighbors,
  kNearestNeighborsParametersSchema,
} from '../classifiers/k-nearest-neighbors/k-nearest-neighbors.ts';
import {
  fitLogisticRegression,
  logisticRegressionParametersSchema,
} from '../classifiers/logistic-regression.ts';
import {
  fitNeuralNetwork,
  loadTensorFlow,
  neuralNetworkParametersSchema,
} from '../classifiers/neural-network/fit-neural-network.ts';
import { fitRandomForest, randomForestParametersSchema } from '../classifiers/random-forest.ts';
import {
  fitSupportVectorMachine,
  supportVectorMachineParametersSchema,
} from '../classifiers/support-vector-machine/support-vector-machine.ts';
import type { LabeledRows } from '../dataset/dataset.ts';
import type { Matrix } from '../matrix.ts';

/** Named as in the family's schema; null is scikit-learn's None. */
export type Parameters = Readonly<Record<string, number | string | boolean | null>>;

export interface Trainer {
  /** Validates the parameters and adds defaults, and the seed for families that use random numbers. */
  parse(parameters: Parameters, seed: number): Parameters;
  /** @param settings the result of `parse` */
  fit(rows: LabeledRows, settings: Parameters): Classifier | Promise<Classifier>;
  /** Loads the library that fits the family, if not this package, and returns its name and version. */
  load?(): Promise<string>;
}

function createTrainer<Settings extends Parameters>(
  schema: { readonly shape: object; parse(value: unknown): Settings },
  fitFamily: (matrix: Matrix, labels: Uint8Array, settings: Settings) => Classifier | Promise<Classifier>,
): Trainer {
  const isSeeded = 'seed' in schema.shape;
  return {
    parse: (parameters, seed) => schema.parse(isSeeded ? { seed, ...parameters } : parameters),
    fit: ({ features, labels }, settings) => fitFamily(features, labels, schema.parse(settings)),
  };
}

/** In the order of training and of the report. */
export const trainers: Readonly<Record<TrainedFamily, Trainer>> = {
  'logistic-regression': createTrainer(logisticRegressionParametersSchema, fitLogisticRegression),
  'k-nearest-neighbors': createTrainer(kNearestNeighborsParametersSchema, fitKNearestNeighbors),
  'random-forest': createTrainer(randomForestParametersSchema, fitRandomForest),
  'gradient-boosting': createTrainer(gradientBoostingParametersSchema, fitGradientBoosting),
  'support-vector-machine': createTrainer(supportVectorMachineParametersSchema, fitSupportVectorMachine),
  'neural-network': {
    ...createTrainer(neuralNetworkParametersSchema, fitNeuralNetwork),
    load: async () => (await loadTensorFlow()).library,
  },
};

export const families = Object.keys(trainers) as TrainedFamily[];
