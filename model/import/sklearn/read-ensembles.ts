import type { Classifier } from '../../classifiers/classifier.ts';
import type { Fault } from '../import-error.ts';
import { describe, isKind } from '../pickle/pickle-value.ts';
import { type Attributes, attributesOf } from './attributes.ts';
import { readTrees } from './read-trees.ts';

/** How far the sum of a leaf's shares may be from 1 by rounding. */
const shareTolerance = 1e-12;

/**
 * `RandomForestClassifier` (sklearn/ensemble/_forest.py). A leaf's values are weighted counts of the two classes, since
 * scikit-learn 1.3 their shares.
 */
export function readRandomForest(attributes: Attributes, fault: Fault): Classifier {
  const outputs = attributes.get('n_outputs_');
  if (outputs !== 1) throw attributes.fault('n_outputs_', `${describe(outputs)}, expected 1`);
  const estimators = attributes.get('estimators_');
  if (!isKind(estimators, 'list')) {
    throw attributes.fault('estimators_', `${describe(estimators)}, expected a list`);
  }
  const toValue = (values: Float64Array, start: number) => {
    const total = values[start] + values[start + 1];
    return Math.abs(total - 1) < shareTolerance ? values[start + 1] : values[start + 1] / total;
  };
  const trees = readTrees(estimators.entries, { attributes, fault, classes: 2, toValue });
  return { family: 'random-forest', trees };
}

/**
 * `GradientBoostingClassifier` (sklearn/ensemble/_gb.py). The probability of log-loss, called deviance before 1.3, is
 * expit(raw); of the exponential loss it is expit(2 · raw), so that all raw values are doubled here.
 */
export function readGradientBoosting(attributes: Attributes, fault: Fault): Classifier {
  const loss = attributes.text('loss');
  if (loss !== 'log_loss' && loss !== 'deviance' && loss !== 'exponential') {
    throw attributes.fault('loss', `${describe(loss)} is not supported`, 'Fit it with loss="log_loss"');
  }
  const estimators = attributes.get('estimators_');
  if (!isKind(estimators, 'array') || !estimators.objects || estimators.shape[1] !== 1) {
    throw attributes.fault('estimators_', `${describe(estimators)}, expected one column of trees`);
  }
  const factor = loss === 'exponential' ? 2 : 1;
  const toValue = (values: Float64Array, start: number) => factor * values[start];
  return {
    family: 'gradient-boosting',
    init: readInit(attributes, fault),
    learning_rate: attributes.number('learning_rate'),
    trees: readTrees(estimators.objects, { attributes, fault, classes: 1, toValue }),
  };
}

/**
 * Log-odds before the first tree: 0 for init="zero", else those of the shares of the classes, which are clipped by the
 * epsilon of float32; scikit-learn 1.9 clips by that of float64. Half of them under the exponential loss, and doubled.
 */
function readInit(attributes: Attributes, fault: Fault): number {
  if (attributes.get('init_') === 'zero') return 0;
  const remedy = 'Fit it with init=None or init="zero"';
  const estimator = attributes.estimator('init_');
  const prior = attributesOf(estimator, fault);
  if (prior.className !== 'DummyClassifier') {
    throw attributes.fault('init_', `${prior.className} is not supported`, remedy);
  }
  const strategy = prior.text('strategy');
  if (strategy !== 'prior') throw prior.fault('strategy', `${describe(strategy)} is not supported`, remedy);
  const [, share] = prior.numbers('class_prior_', [2]);
  const epsilon = clipsByFloat64(attributes.text('_sklearn_version')) ? Number.EPSILON : 2 ** -23;
  const clipped = Math.min(1 - epsilon, Math.max(epsilon, share));
  return Math.log(clipped / (1 - clipped));
}

function clipsByFloat64(version: string): boolean {
  return Number(version.split('.')[1]) >= 9;
}
