import { justAboveHalf } from '../../classifiers/binary-classifier.ts';
import { appendTree, createTrees, type GrownTree, leafMark, type Trees } from '../../trees/trees.ts';
import type { Fault } from '../import-error.ts';
import { isKind, type PickleValue } from '../pickle/pickle-value.ts';
import { type Attributes, attributesOf } from './attributes.ts';

/** Rounding error of the sum of a leaf's shares. */
const shareTolerance = 1e-12;

/** Converts the values of a leaf, which start at `values[start]`. */
export type ToValue = (values: Float64Array, start: number) => number;

/** A leaf's values are weighted class counts; since scikit-learn 1.3, class shares. */
export function toShare(values: Float64Array, start: number): number {
  const total = values[start] + values[start + 1];
  return Math.abs(total - 1) < shareTolerance ? values[start + 1] : values[start + 1] / total;
}

/** As `toShare`, on the side of 0.5 that `predict` of a single tree chooses: label 1 where its value is the larger one. */
export function toDecidedShare(values: Float64Array, start: number): number {
  const share = toShare(values, start);
  return values[start + 1] > values[start] ? Math.max(justAboveHalf, share) : Math.min(0.5, share);
}

interface TreesContext {
  /** Of the ensemble. */
  attributes: Attributes;
  fault: Fault;
  /** The number of values per node: 1 in a regression tree. */
  classes: number;
  toValue: ToValue;
}

/**
 * Reads the trees of an ensemble (`Tree.__getstate__` in sklearn/tree/_tree.pyx). Nodes are a structured
 * array. Its field missing_go_to_left, added in 1.3, does not matter without missing values. Values have the
 * shape nodes × outputs × classes. The artifact's schema checks that children come after their parent.
 *
 * @param estimators the decision trees; none may occur twice
 */
export function readTrees(
  estimators: readonly PickleValue[],
  { attributes, fault, classes, toValue }: TreesContext,
): Trees {
  const trees = createTrees();
  for (const tree of listTrees(estimators, attributes, fault)) {
    const grown = readNodes(tree);
    const values = tree.numbers('values', [grown.left.length, 1, classes]);
    const leafValue = (child: number, node: number) =>
      child === leafMark ? toValue(values, node * classes) : 0;
    appendTree(trees, grown, grown.left.map(leafValue));
  }
  return trees;
}

/** The attributes `tree_` of decision trees. */
export function listTrees(
  estimators: readonly PickleValue[],
  attributes: Attributes,
  fault: Fault,
): Attributes[] {
  if (estimators.length === 0) throw attributes.fault('estimators_', 'there are no trees');
  const seen = new Set<PickleValue>();
  return estimators.map((estimator, i) => {
    const isTree =
      isKind(estimator, 'instance') &&
      /\.(DecisionTree|ExtraTree)(Classifier|Regressor)$/.test(estimator.name);
    if (!isTree) throw attributes.fault('estimators_', `entry ${i} is not a decision tree`);
    const tree = attributesOf(attributesOf(estimator, fault).estimator('tree_'), fault);
    const nodes = tree.get('nodes');
    if (nodes === undefined || seen.has(nodes)) {
      throw attributes.fault('estimators_', `entry ${i} has no nodes, or shares them with another tree`);
    }
    seen.add(nodes);
    return tree;
  });
}

export function readNodes(tree: Attributes): GrownTree {
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
export function toFinite(threshold: number): number {
  return threshold === Number.POSITIVE_INFINITY ? Number.MAX_VALUE : threshold;
}
