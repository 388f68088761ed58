import type { Classifier, Family } from '../classifiers/classifier.ts';
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
import type { Matrix } from '../matrix.ts';

/** Named as in the family's schema; null is scikit-learn's None. */
export type Parameters = Readonly<Record<string, number | string | boolean | null>>;

interface Labeled {
  readonly features: Matrix;
  readonly labels: Uint8Array;
}

export interface Trainer {
  /** Validates the parameters and adds defaults, and the seed for families that use random numbers. */
  parse(parameters: Parameters, seed: number): Parameters;
  /** @param settings the result of `parse` */
  fit(rows: Labeled, settings: Parameters): Classifier | Promise<Classifier>;
  /** Loads the library that fits the family, if not this package, and returns its name and version. */
  load?(): Promise<string>;
}

interface ParametersSchema<Settings> {
  parse(value: unknown): Settings;
}
type Fit<Settings> = (
  matrix: Matrix,
  labels: Uint8Array,
  settings: Settings,
) => Classifier | Promise<Classifier>;

function createTrainer<Settings extends Parameters>(
  schema: ParametersSchema<Settings>,
  fitFamily: Fit<Settings>,
): Trainer {
  return {
    parse: (parameters) => schema.parse(parameters),
    fit: ({ features, labels }, settings) => fitFamily(features, labels, schema.parse(settings)),
  };
}

function createSeededTrainer<Settings extends Parameters>(
  schema: ParametersSchema<Settings>,
  fitFamily: Fit<Settings>,
): Trainer {
  return {
    ...createTrainer(schema, fitFamily),
    parse: (parameters, seed) => schema.parse({ seed, ...parameters }),
  };
}

/** In the order of training and of the report. */
export const trainers: Readonly<Record<Family, Trainer>> = {
  'logistic-regression': createTrainer(logisticRegressionParametersSchema, fitLogisticRegression),
  'k-nearest-neighbors': createTrainer(kNearestNeighborsParametersSchema, fitKNearestNeighbors),
  'random-forest': createSeededTrainer(randomForestParametersSchema, fitRandomForest),
  'gradient-boosting': createTrainer(gradientBoostingParametersSchema, fitGradientBoosting),
  'support-vector-machine': createTrainer(supportVectorMachineParametersSchema, fitSupportVectorMachine),
  'neural-network': {
    ...createSeededTrainer(neuralNetworkParametersSchema, fitNeuralNetwork),
    load: async () => (await loadTensorFlow()).library,
  },
};

export const families = Object.keys(trainers) as Family[];
