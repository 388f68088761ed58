import type { Classifier } from '../../classifiers/families.ts';
import type { Kernel } from '../../classifiers/support-vector-machine/kernel.ts';
import type { Fault } from '../import-error.ts';
import { describe, findEntry, isKind } from '../pickle/pickle-value.ts';
import type { Attributes } from './attributes.ts';
import { readForest, readGradientBoosting, readTree } from './read-ensembles.ts';
import { readHistGradientBoosting } from './read-hist-gradient-boosting.ts';
import { readIsolationForest } from './read-isolation-forest.ts';
import { readNetwork } from './read-networks.ts';

/** The classifiers of scikit-learn 1.0 to 1.9, for two classes, and its isolation forest. */
export const classifierReaders: Readonly<
  Record<string, (attributes: Attributes, fault: Fault) => Classifier>
> = {
  LogisticRegression: readLogisticRegression,
  KNeighborsClassifier: readKNeighbors,
  RandomForestClassifier: readForest,
  ExtraTreesClassifier: readForest,
  DecisionTreeClassifier: readTree,
  ExtraTreeClassifier: readTree,
  GradientBoostingClassifier: readGradientBoosting,
  HistGradientBoostingClassifier: readHistGradientBoosting,
  SVC: readSupportVectorMachine,
  MLPClassifier: readNetwork,
  IsolationForest: readIsolationForest,
};

/**
 * P(label 1) is expit(decision). With multi_class="multinomial" (until 1.7) it is the softmax of (−decision,
 * decision), which is expit(2 · decision) (sklearn/linear_model/_logistic.py).
 */
function readLogisticRegression(attributes: Attributes): Classifier {
  const factor = attributes.get('multi_class') === 'multinomial' ? 2 : 1;
  const coef = attributes.numbers('coef_', [1, attributes.featureCount()]);
  const [intercept] = attributes.numbers('intercept_', [1]);
  return {
    family: 'logistic-regression',
    coef: Array.from(coef, (weight) => factor * weight),
    intercept: factor * intercept,
  };
}

/**
 * Reads the training rows and their encoded labels. The search tree in the file is not used
 * (sklearn/neighbors/_base.py).
 */
function readKNeighbors(attributes: Attributes): Classifier {
  const weights = attributes.text('weights');
  if (weights !== 'uniform' && weights !== 'distance') {
    throw attributes.fault('weights', `${describe(weights)} is not supported`, 'Use "uniform" or "distance"');
  }
  const algorithm = attributes.text('_fit_method');
  if (algorithm !== 'kd_tree' && algorithm !== 'brute') {
    const remedy =
      'Fit it with algorithm="kd_tree" or "brute", which find the same neighbors except for ties';
    throw attributes.fault('_fit_method', `${describe(algorithm)} is not supported`, remedy);
  }
  const samples = attributes.numbers('_fit_X', [undefined, attributes.featureCount()]);
  const labels = attributes.numbers('_y', [samples.length / attributes.featureCount()]);
  const wrong = labels.findIndex((label) => label !== 0 && label !== 1);
  if (wrong >= 0) throw attributes.fault('_y', `entry ${wrong} is ${labels[wrong]}, expected 0 or 1`);
  return {
    family: 'k-nearest-neighbors',
    n_neighbors: attributes.number('n_neighbors'),
    weights,
    p: readPower(attributes),
    algorithm,
    leaf_size: attributes.number('leaf_size'),
    samples: Array.from(samples),
    labels: Array.from(labels, (label) => (label === 1 ? 1 : 0)),
  };
}

const powers: Readonly<Record<string, number>> = { euclidean: 2, l2: 2, manhattan: 1, cityblock: 1, l1: 1 };

/** The exponent of the Minkowski metric that equals the model's metric. */
function readPower(attributes: Attributes): number {
  const metric = attributes.text('effective_metric_');
  const parameters = attributes.get('effective_metric_params_');
  const [p, w] = isKind(parameters, 'dict') ? [findEntry(parameters, 'p'), findEntry(parameters, 'w')] : [];
  if (w !== undefined && w !== null)
    throw attributes.fault('metric_params', 'feature weights are not supported');
  if (Object.hasOwn(powers, metric)) return powers[metric];
  if (metric === 'minkowski' && typeof p === 'number') return p;
  const remedy = 'Fit it with the metric "euclidean", "manhattan" or "minkowski"';
  throw attributes.fault('metric', `${describe(metric)} is not supported`, remedy);
}

/**
 * `dual_coef_` and `intercept_` have signs such that a positive decision is label 1. `_probA` is empty in a
 * model fitted without probability=True (sklearn/svm/_base.py).
 */
function readSupportVectorMachine(attributes: Attributes): Classifier {
  if (attributes.get('_sparse') !== false) {
    throw attributes.fault('_sparse', 'fitted on a sparse matrix', 'Fit it on a dense array');
  }
  const vectors = attributes.numbers('support_vectors_', [undefined, attributes.featureCount()]);
  const dualCoef = attributes.numbers('dual_coef_', [1, vectors.length / attributes.featureCount()]);
  const [intercept] = attributes.numbers('intercept_', [1]);
  const [a] = attributes.numbers('_probA', [undefined]);
  const [b] = attributes.numbers('_probB', [undefined]);
  return {
    family: 'support-vector-machine',
    kernel: readKernel(attributes),
    support_vectors: Array.from(vectors),
    dual_coef: Array.from(dualCoef),
    intercept,
    ...(a !== undefined && b !== undefined && { platt: { a, b } }),
  };
}

function readKernel(attributes: Attributes): Kernel {
  const kernel = attributes.get('kernel');
  const gamma = () => attributes.number('_gamma');
  const coef0 = () => attributes.number('coef0');
  switch (kernel) {
    case 'linear':
      return { kind: 'linear' };
    case 'rbf':
      return { kind: 'rbf', gamma: gamma() };
    case 'poly':
      return { kind: 'poly', gamma: gamma(), coef0: coef0(), degree: attributes.number('degree') };
    case 'sigmoid':
      return { kind: 'sigmoid', gamma: gamma(), coef0: coef0() };
  }
  const remedy = 'Fit it with the kernel "rbf", "linear", "poly" or "sigmoid"';
  throw attributes.fault('kernel', `${describe(kernel)} is not supported`, remedy);
}
