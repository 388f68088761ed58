import type { Classifier } from '../../classifiers/families.ts';
import { appendTree, createTrees, type GrownTree, leafMark, type Trees } from '../../trees/trees.ts';
import type { Fault } from '../import-error.ts';
import { describe, isKind, type PickleValue } from '../pickle/pickle-value.ts';
import { type Attributes, attributesOf } from './attributes.ts';

/** Rounding error of the sum of a leaf's shares. */
const shareTolerance = 1e-12;

/**
 * `RandomForestClassifier` (sklearn/ensemble/_forest.py). A leaf's values are weighted class counts; since
 * scikit-learn 1.3, class shares.
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
 * `GradientBoostingClassifier` (sklearn/ensemble/_gb.py). With log-loss (called deviance before 1.3), the
 * probability is expit(raw). With the exponential loss it is expit(2 · raw), so all raw values are doubled
 * here.
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
  const epsilon = clipsByFloat64(attributes.text('_sklearn_version')) ? Number.EPSILON : 2 ** -23;
  const clipped = Math.min(1 - epsilon, Math.max(epsilon, share));
  return Math.log(clipped / (1 - clipped));
}

function clipsByFloat64(version: string): boolean {
  return Number(version.split('.')[1]) >= 9;
}

/**
 * Reads the trees of an ensemble (`Tree.__getstate__` in sklearn/tree/_tree.pyx). Nodes are a structured
 * array. Its field missing_go_to_left, added in 1.3, does not matter without missing values. Values have the
 * shape nodes × outputs × classes. The artifact's schema checks that children come after their parent.
 *
 * @param estimators the decision trees; none may occur twice
 * @param classes the number of values per node: 1 in a regression tree
 * @param toValue converts the values of a leaf
 */
function readTrees(
  estimators: readonly PickleValue[],
  { attributes, fault, classes, toValue }: TreesContext,
): Trees {
  const trees = createTrees();
  const seen = new Set<PickleValue>();
  for (const [i, estimator] of estimators.entries()) {
    if (!isKind(estimator, 'instance') || !/\.DecisionTree(Classifier|Regressor)$/.test(estimator.name)) {
      throw attributes.fault('estimators_', `entry ${i} is not a decision tree`);
    }
    const tree = attributesOf(attributesOf(estimator, fault).estimator('tree_'), fault);
    const nodes = tree.get('nodes');
    if (nodes === undefined || seen.has(nodes)) {
      throw attributes.fault('estimators_', `entry ${i} has no nodes, or shares them with another tree`);
    }
    seen.add(nodes);
    const grown = readNodes(tree);
    const values = tree.numbers('values', [grown.left.length, 1, classes]);
    const leafValue = (child: number, node: number) =>
      child === leafMark ? toValue(values, node * classes) : 0;
    appendTree(trees, grown, grown.left.map(leafValue));
  }
  if (trees.roots.length === 0) throw attributes.fault('estimators_', 'there are no trees');
  return trees;
}

type ToValue = (values: Float64Array, start: number) => number;
interface TreesContext {
  attributes: Attributes;
  fault: Fault;
  classes: number;
  toValue: ToValue;
}

function readNodes(tree: Attributes): GrownTree {
  const column = (field: string) => Array.from(tree.field('nodes', field));
  const left = column('left_child');
  const isLeaf = left.map((child) => child === leafMark);
  return {
    feature: column('feature').map((feature, node) => (isLeaf[node] ? leafMark : feature)),
    threshold: column('threshold').map((threshold, node) => (isLeaf[node] ? 0 : toFinite(threshold))),
    left,
    right: column('right_child'),
  };
}

/** A split that only separates missing values has the threshold ∞: every value goes left. JSON has no ∞. */
function toFinite(threshold: number): number {
  return threshold === Number.POSITIVE_INFINITY ? Number.MAX_VALUE : threshold;
}
