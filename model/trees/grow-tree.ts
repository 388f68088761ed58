import type { Matrix } from '../matrix.ts';
import { type ColumnChoice, findBestSplit, type Search, type Split } from './best-split.ts';
import { type GrownTree, leafMark } from './trees.ts';

export interface GrowthLimits {
  readonly maxDepth: number;
  readonly minSamplesSplit: number;
  readonly minSamplesLeaf: number;
}

/** `leafOf[i]` is the leaf that training row i reaches; −1 for a row of weight 0. */
export interface Growth {
  readonly tree: GrownTree;
  readonly leafOf: Int32Array;
}

/** A node to grow. `parent` is −1 for the root. */
interface Node {
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  readonly impurity: number;
  readonly parent: number;
  readonly side: 'left' | 'right';
}

const everyColumn: ColumnChoice = { count: Number.POSITIVE_INFINITY, pick: (visited) => visited };

/**
 * Prepares to grow many regression trees on the same rows: each column is rounded to float32 and sorted once,
 * and a split keeps the order of every column in both children, so that a level costs O(rows × columns).
 * Splits, stopping rules and numbering are those of `DepthFirstTreeBuilder` and `BestSplitter` in
 * scikit-learn 1.2.1 (sklearn/tree/_tree.pyx, _splitter.pyx). Limits count rows with a positive weight, not
 * weights.
 *
 * @throws RangeError where a value is beyond the range of float32
 */
export function createTreeGrower(matrix: Matrix, limits: GrowthLimits) {
  const columns = toFloat32Columns(matrix);
  const sorted = columns.map(sortedRows);
  const ones = new Float64Array(matrix.rows).fill(1);
  /**
   * @param target one per row
   * @param weight how often each row counts; 1 by default
   * @param choice the columns to search in each node; all by default
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
  // A stack instead of recursion: a tree can be as deep as there are rows.
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

/** Sums of weight, weight · target and weight · target². */
interface Sums {
  readonly weight: number;
  readonly sum: number;
  readonly squares: number;
}

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

/** The range of a node in the order of each column. */
interface Stretch {
  readonly start: number;
  readonly end: number;
}

/**
 * The columns of a matrix as float32.
 *
 * @throws RangeError naming row and column of a value beyond the range of float32
 */
function toFloat32Columns({ rows, columns, values }: Matrix): Float32Array[] {
  return Array.from({ length: columns }, (_, j) => {
    const column = Float32Array.from({ length: rows }, (_, i) => values[i * columns + j]);
    const wrong = column.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) {
      throw new RangeError(`row ${wrong}, column ${j}: ${values[wrong * columns + j]} is beyond float32`);
    }
    return column;
  });
}

/** Row indices by ascending value; equal values keep the order of the rows. */
function sortedRows(column: Float32Array): Int32Array {
  return Int32Array.from({ length: column.length }, (_, i) => i).sort(
    (a, b) => column[a] - column[b] || a - b,
  );
}

/**
 * Moves the rows that go left to the front of the node's range in every column's order, which is kept on both
 * sides.
 */
function createDivider(order: readonly Int32Array[], rowCount: number) {
  const goesLeft = new Uint8Array(rowCount);
  const rights = new Int32Array(order[0].length);
  return function divide({ feature, count }: Split, { start, end }: Stretch): void {
    const lefts = order[feature].slice(start, start + count);
    for (let i = 0; i < lefts.length; i++) goesLeft[lefts[i]] = 1;
    for (const rows of order) {
      let left = start;
      let right = 0;
      for (let i = start; i < end; i++) {
        if (goesLeft[rows[i]] === 1) rows[left++] = rows[i];
        else rights[right++] = rows[i];
      }
      rows.set(rights.subarray(0, right), left);
    }
    for (let i = 0; i < lefts.length; i++) goesLeft[lefts[i]] = 0;
  };
}
