import type { Classifier } from '../../classifiers/families.ts';
import type { Fault } from '../import-error.ts';
import { describe, isKind } from '../pickle/pickle-value.ts';
import { type Attributes, attributesOf } from './attributes.ts';
import { readTrees, toDecidedShare, toShare } from './read-trees.ts';

/** `RandomForestClassifier` and `ExtraTreesClassifier` (sklearn/ensemble/_forest.py). */
export function readForest(attributes: Attributes, fault: Fault): Classifier {
  requireOneOutput(attributes);
  const estimators = attributes.list('estimators_');
  return {
    family: 'random-forest',
    trees: readTrees(estimators, { attributes, fault, classes: 2, toValue: toShare }),
  };
}

/** `DecisionTreeClassifier` and `ExtraTreeClassifier` (sklearn/tree/_classes.py): a forest of one tree. */
export function readTree(attributes: Attributes, fault: Fault): Classifier {
  requireOneOutput(attributes);
  const trees = readTrees([attributes.instance], { attributes, fault, classes: 2, toValue: toDecidedShare });
  return { family: 'random-forest', trees };
}

function requireOneOutput(attributes: Attributes): void {
  const outputs = attributes.get('n_outputs_');
  if (outputs !== 1) throw attributes.fault('n_outputs_', `${describe(outputs)}, expected 1`);
}

/**
 * `GradientBoostingClassifier` (sklearn/ensemble/_gb.py). With log-loss (called deviance before 1.3), the
 * probability is expit(raw). With the exponential loss it is expit(2 · raw), so all raw values are doubled
 * here. `predict` is label 1 where raw ≥ 0: with the exponential loss in every version, with log-loss since
 * 1.4; before, where the probability exceeds 0.5.
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
  const isDecidedByRaw = loss === 'exponential' || minorOf(attributes) >= 4;
  const factor = loss === 'exponential' ? 2 : 1;
  const toValue = (values: Float64Array, start: number) => factor * values[start];
  return {
    family: 'gradient-boosting',
    init: readInit(attributes, fault),
    learning_rate: attributes.number('learning_rate'),
    trees: readTrees(estimators.objects, { attributes, fault, classes: 1, toValue }),
    ...(isDecidedByRaw && { decision: 'raw >= 0' as const }),
  };
}

/**
 * The log-odds before the first tree: 0 for init="zero", else those of the class shares, clipped by the
 * epsilon of float32 (of float64 since scikit-learn 1.9). The exponential loss halves them and the doubling
 * restores them.
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
  const epsilon = minorOf(attributes) >= 9 ? Number.EPSILON : 2 ** -23;
  const clipped = Math.min(1 - epsilon, Math.max(epsilon, share));
  return Math.log(clipped / (1 - clipped));
}

/** 9 for scikit-learn 1.9.0 */
export function minorOf(attributes: Attributes): number {
  return Number(attributes.text('_sklearn_version').split('.')[1]);
}
