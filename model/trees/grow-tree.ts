import type { Matrix } from '../matrix.ts';
import { type ColumnChoice, findBestSplit, type Search } from './best-split.ts';
import { createDivider, sortedRows, toFloat32Columns } from './row-order.ts';
import { leafMark } from './trees.ts';

export type GrowthLimits = {
  readonly maxDepth: number;
  readonly minSamplesSplit: number;
  readonly minSamplesLeaf: number;
};

/** One tree's nodes in pre-order, children counted from its own root; `value` is left to the caller. */
export type GrownTree = {
  readonly feature: number[];
  readonly threshold: number[];
  readonly left: number[];
  readonly right: number[];
};

/** `leafOf[i]` is the leaf that row i of the training rows reaches; −1 for a row of weight 0. */
export type Growth = { readonly tree: GrownTree; readonly leafOf: Int32Array };

/** `parent` is −1 for the root. */
type Node = {
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  readonly impurity: number;
  readonly parent: number;
  readonly side: 'left' | 'right';
};

const everyColumn: ColumnChoice = { count: Number.POSITIVE_INFINITY, pick: (visited) => visited };

/**
 * Prepares to grow regression trees on the same rows again and again: each column is cast to float32 and sorted once,
 * and a split keeps every column's order in both children, so that a level costs O(rows × columns). Splits, stopping
 * rules and numbering are those of `DepthFirstTreeBuilder` and `BestSplitter` in scikit-learn 1.2.1
 * (sklearn/tree/_tree.pyx, _splitter.pyx): limits count rows, not weights, and no row of weight 0.
 *
 * @throws RangeError where a value is beyond the range of float32
 */
export function createTreeGrower(matrix: Matrix, limits: GrowthLimits) {
  const columns = toFloat32Columns(matrix);
  const sorted = columns.map(sortedRows);
  const ones = new Float64Array(matrix.rows).fill(1);
  /**
   * @param target one per row
   * @param weight how often each row counts: once where it is left out
   * @param choice the columns to look at in each node: all where it is left out
   */
  return function growTree(
    target: Float64Array,
    { weight = ones, choice = everyColumn }: { weight?: Float64Array; choice?: ColumnChoice } = {},
  ): Growth {
    const order = sorted.map((rows) =>
      weight === ones ? rows.slice() : rows.filter((row) => weight[row] > 0),
    );
    return grow({ columns, target, weight, choice, minSamplesLeaf: limits.minSamplesLeaf }, order, limits);
  };
}

function grow(search: Search, order: Int32Array[], limits: GrowthLimits): Growth {
  const tree: GrownTree = { feature: [], threshold: [], left: [], right: [] };
  const leafOf = new Int32Array(search.target.length).fill(leafMark);
  const divide = createDivider(order, search.target.length);
  const impurity = meanSquaredError(sumsOf(order[0], search));
  // A stack and no recursion: a tree may be as deep as there are rows.
  const pending: Node[] = [{ start: 0, end: order[0].length, depth: 0, impurity, parent: -1, side: 'left' }];
  for (let node = pending.pop(); node; node = pending.pop()) {
    const { start, end, parent, side } = node;
    const index = tree.feature.length;
    if (parent >= 0) tree[side][parent] = index;
    const totals = sumsOf(order[0].subarray(start, end), search);
    const split = mayNotSplit(node, limits)
      ? undefined
      : findBestSplit(search, { order, start, end, ...totals });
    tree.feature.push(split?.feature ?? leafMark);
    tree.threshold.push(split?.threshold ?? 0);
    tree.left.push(leafMark);
    tree.right.push(leafMark);
    if (!split) {
      for (let i = start; i < end; i++) leafOf[order[0][i]] = index;
      continue;
    }
    divide(split, node);
    const middle = start + split.count;
    const lefts = sumsOf(order[0].subarray(start, middle), search);
    const rights = difference(totals, lefts);
    const child = { depth: node.depth + 1, parent: index };
    pending.push({ ...child, start: middle, end, impurity: meanSquaredError(rights), side: 'right' });
    pending.push({ ...child, start, end: middle, impurity: meanSquaredError(lefts), side: 'left' });
  }
  return { tree, leafOf };
}

function mayNotSplit({ start, end, depth, impurity }: Node, limits: GrowthLimits): boolean {
  const rows = end - start;
  return (
    depth >= limits.maxDepth ||
    rows < limits.minSamplesSplit ||
    rows < 2 * limits.minSamplesLeaf ||
    impurity <= Number.EPSILON
  );
}

/** Of the weights, of weight · target, and of weight · target². */
type Sums = { readonly weight: number; readonly sum: number; readonly squares: number };

function sumsOf(rows: Int32Array, { target, weight }: Search): Sums {
  let total = 0;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    const weighted = weight[row] * target[row];
    total += weight[row];
    sum += weighted;
    squares += weighted * target[row];
  }
  return { weight: total, sum, squares };
}

function difference(a: Sums, b: Sums): Sums {
  return { weight: a.weight - b.weight, sum: a.sum - b.sum, squares: a.squares - b.squares };
}

function meanSquaredError({ weight, sum, squares }: Sums): number {
  return squares / weight - (sum / weight) ** 2;
}
