import type { Classifier } from '../../classifiers/families.ts';
import { appendTree, createTrees, leafMark } from '../../trees/trees.ts';
import type { Fault } from '../import-error.ts';
import { describe, isKind, type PickleValue } from '../pickle/pickle-value.ts';
import { type Attributes, attributesOf } from './attributes.ts';
import { minorOf } from './read-ensembles.ts';
import { toFinite } from './read-trees.ts';

/**
 * `HistGradientBoostingClassifier` (sklearn/ensemble/_hist_gradient_boosting/). Its raw value is the baseline plus the leaf values,
 * which include the learning rate. `predict` is label 1 where the probability exceeds 0.5; in newer versions, where raw > 0.
 */
export function readHistGradientBoosting(attributes: Attributes, fault: Fault): Classifier {
  const loss = attributes.text('loss');
  if (!['log_loss', 'binary_crossentropy', 'auto'].includes(loss)) {
    throw attributes.fault('loss', `${describe(loss)} is not supported`, 'Fit it with loss="log_loss"');
  }
  const trees = createTrees();
  const missingLeft: number[] = [];
  const predictors = attributes.list('_predictors');
  if (predictors.length === 0) throw attributes.fault('_predictors', 'there are no trees');
  const seen = new Set<PickleValue>();
  for (const [i, iteration] of predictors.entries()) {
    const [predictor, ...others] = isKind(iteration, 'list') ? iteration.entries : [];
    if (!isKind(predictor, 'instance') || others.length > 0) {
      throw attributes.fault('_predictors', `entry ${i} is not one tree`);
    }
    const tree = attributesOf(predictor, fault);
    const nodes = tree.get('nodes');
    if (nodes === undefined || seen.has(nodes)) {
      throw attributes.fault('_predictors', `entry ${i} has no nodes, or shares them with another tree`);
    }
    seen.add(nodes);
    missingLeft.push(...appendPredictor(trees, tree));
  }
  return {
    family: 'gradient-boosting',
    init: readBaseline(attributes),
    learning_rate: 1,
    trees,
    missing_left: missingLeft,
    ...(minorOf(attributes) >= 5 && { decision: 'raw > 0' as const }),
  };
}

/** @returns for each node, 1 where missing values go left */
function appendPredictor(trees: ReturnType<typeof createTrees>, tree: Attributes): number[] {
  const column = (field: string) => Array.from(tree.field('nodes', field));
  if (column('is_categorical').some((value) => value !== 0)) {
    const remedy = 'Fit it with categorical_features=None on numeric columns';
    throw tree.fault('nodes', 'a categorical feature is not supported', remedy);
  }
  const isLeaf = column('is_leaf').map((value) => value === 1);
  const inner = (field: string, leaf: number) =>
    column(field).map((value, node) => (isLeaf[node] ? leaf : value));
  const grown = {
    feature: inner('feature_idx', leafMark),
    threshold: inner('num_threshold', 0).map(toFinite),
    left: inner('left', leafMark),
    right: inner('right', leafMark),
  };
  appendTree(
    trees,
    grown,
    column('value').map((value, node) => (isLeaf[node] ? value : 0)),
  );
  return inner('missing_go_to_left', 0);
}

/** A number, or an array of one. */
function readBaseline(attributes: Attributes): number {
  const baseline = attributes.get('_baseline_prediction');
  if (!isKind(baseline, 'array')) return attributes.number('_baseline_prediction');
  const [value] = attributes.numbers('_baseline_prediction', baseline.shape.length === 1 ? [1] : [1, 1]);
  return value;
}
