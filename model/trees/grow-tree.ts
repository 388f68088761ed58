import type { Matrix } from '../matrix.ts';
import { findBestSplit } from './best-split.ts';
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

/** `leafOf[i]` is the leaf that row i of the training rows reaches. */
export type Growth = { readonly tree: GrownTree; readonly leafOf: Int32Array };

type Node = {
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  readonly impurity: number;
};

/**
 * Prepares to grow regression trees on the same rows again and again: each column is cast to float32 and sorted once,
 * and a split keeps every column's order in both children, so that a level costs O(rows × columns). Splits, stopping
 * rules and numbering are those of `DepthFirstTreeBuilder` and `BestSplitter` in scikit-learn 1.2.1
 * (sklearn/tree/_tree.pyx, _splitter.pyx) with every column considered at every node.
 *
 * @throws RangeError where a value is beyond the range of float32
 */
export function createTreeGrower(matrix: Matrix, limits: GrowthLimits) {
  const columns = toFloat32Columns(matrix);
  const sorted = columns.map(sortedRows);
  return function growTree(target: Float64Array): Growth {
    return grow({ columns, order: sorted.map((rows) => rows.slice()), target, limits });
  };
}

type Growing = {
  readonly columns: Float32Array[];
  readonly order: Int32Array[];
  readonly target: Float64Array;
  readonly limits: GrowthLimits;
};

function grow({ columns, order, target, limits }: Growing): Growth {
  const tree: GrownTree = { feature: [], threshold: [], left: [], right: [] };
  const leafOf = new Int32Array(target.length);
  const divide = createDivider(order);
  const search = { columns, target, minSamplesLeaf: limits.minSamplesLeaf };

  function addNode(node: Node): number {
    const { start, end, depth } = node;
    const index = tree.feature.length;
    const totals = sumsOf(order[0].subarray(start, end), target);
    const split = mayNotSplit(node, limits)
      ? undefined
      : findBestSplit(search, { order, start, end, ...totals });
    tree.feature.push(split?.feature ?? leafMark);
    tree.threshold.push(split?.threshold ?? 0);
    tree.left.push(leafMark);
    tree.right.push(leafMark);
    if (!split) {
      for (const row of order[0].subarray(start, end)) leafOf[row] = index;
      return index;
    }
    const middle = start + split.count;
    divide(split, node);
    const lefts = sumsOf(order[0].subarray(start, middle), target);
    const rights = { sum: totals.sum - lefts.sum, squares: totals.squares - lefts.squares };
    const left = { start, end: middle, depth: depth + 1, impurity: meanSquaredError(lefts, middle - start) };
    const right = { start: middle, end, depth: depth + 1, impurity: meanSquaredError(rights, end - middle) };
    tree.left[index] = addNode(left);
    tree.right[index] = addNode(right);
    return index;
  }

  const impurity = meanSquaredError(sumsOf(order[0], target), target.length);
  addNode({ start: 0, end: target.length, depth: 0, impurity });
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

type Sums = { readonly sum: number; readonly squares: number };

function sumsOf(rows: Int32Array, target: Float64Array): Sums {
  let sum = 0;
  let squares = 0;
  for (const row of rows) {
    sum += target[row];
    squares += target[row] * target[row];
  }
  return { sum, squares };
}

function meanSquaredError({ sum, squares }: Sums, rows: number): number {
  return squares / rows - (sum / rows) ** 2;
}
