import { leafMark, type Trees } from '../../trees/trees.ts';
import type { Fault } from '../import-error.ts';
import { isKind, type PickleValue } from '../pickle/pickle-value.ts';
import { type Attributes, attributesOf } from './attributes.ts';

const childless = -1;

/**
 * The trees of an ensemble, one after the other (`Tree.__getstate__` in sklearn/tree/_tree.pyx): nodes as a structured
 * array, which since 1.3 has the field missing_go_to_left, of no matter where no value is missing; values of shape
 * nodes × outputs × classes. Children come after their parent there too; whoever uses the trees checks it.
 *
 * @param estimators the decision trees, each of them once
 * @param classes how many values a node has: 1 in a regression tree
 * @param toValue what a leaf answers, of its values
 */
export function readTrees(
  estimators: readonly PickleValue[],
  { attributes, fault, classes, toValue }: TreesContext,
): Trees {
  const trees: Trees = { roots: [], feature: [], threshold: [], left: [], right: [], value: [] };
  const seen = new Set<PickleValue>();
  for (const [i, estimator] of estimators.entries()) {
    if (!isKind(estimator, 'instance') || !/\.DecisionTree(Classifier|Regressor)$/.test(estimator.name)) {
      throw attributes.fault('estimators_', `entry ${i} is not a decision tree`);
    }
    const tree = attributesOf(attributesOf(estimator, fault).estimator('tree_'), fault);
    const nodes = tree.get('nodes');
    if (nodes === undefined || seen.has(nodes)) {
      throw attributes.fault('estimators_', `entry ${i} has no nodes of its own`);
    }
    seen.add(nodes);
    appendTree(trees, tree, { classes, toValue });
  }
  if (trees.roots.length === 0) throw attributes.fault('estimators_', 'there are no trees');
  return trees;
}

type ToValue = (values: Float64Array, start: number) => number;
type TreesContext = { attributes: Attributes; fault: Fault; classes: number; toValue: ToValue };

function appendTree(
  trees: Trees,
  tree: Attributes,
  { classes, toValue }: { classes: number; toValue: ToValue },
): void {
  const column = (field: string) => tree.field('nodes', field);
  const [left, right] = [column('left_child'), column('right_child')];
  const [feature, threshold] = [column('feature'), column('threshold')];
  const values = tree.numbers('values', [left.length, 1, classes]);
  const root = trees.feature.length;
  const shifted = (child: number) => (child === childless ? leafMark : root + child);
  trees.roots.push(root);
  for (let node = 0; node < left.length; node++) {
    const isLeaf = left[node] === childless;
    trees.feature.push(isLeaf ? leafMark : feature[node]);
    trees.threshold.push(isLeaf ? 0 : toFinite(threshold[node]));
    trees.left.push(shifted(left[node]));
    trees.right.push(shifted(right[node]));
    trees.value.push(isLeaf ? toValue(values, node * classes) : 0);
  }
}

/** A split on whether a value is missing has the threshold ∞: every value goes left. JSON has no ∞. */
function toFinite(threshold: number): number {
  return threshold === Number.POSITIVE_INFINITY ? Number.MAX_VALUE : threshold;
}
