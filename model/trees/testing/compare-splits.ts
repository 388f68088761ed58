import { type GradientBoosting, negativeGradient } from '../../classifiers/gradient-boosting.ts';
import { type Matrix, rowOf } from '../../matrix.ts';
import { createTreeGrower } from '../grow-tree.ts';
import type { GrownTree } from '../trees.ts';
import { leafMark } from '../trees.ts';
import { walkedSum } from './walked-sum.ts';

const limits = { maxDepth: 3, minSamplesSplit: 2, minSamplesLeaf: 1 };

/** Relative. Differences below it are due to the order of summation. */
const gainTolerance = 1e-9;

interface Side {
  readonly tree: GrownTree;
  readonly node: number;
}

/**
 * Compares the splits of another implementation's trees with ours, for tests. Each tree is grown again on the
 * residuals of the other classifier's earlier trees, so that a difference in one tree does not affect the
 * next. Splits are compared node by node on the rows that reach them.
 *
 * @returns `same` counts splits with equal column and threshold; `tied` counts other splits of equal gain
 *   (their subtrees are compared only if both send the same rows left); `different` describes the rest
 */
export function compareSplits({
  theirs,
  matrix,
  labels,
}: {
  theirs: GradientBoosting;
  matrix: Matrix;
  labels: Uint8Array;
}) {
  const growTree = createTreeGrower(matrix, limits);
  const float32 = matrix.values.map(Math.fround);
  const rounded = Array.from({ length: matrix.rows }, (_, i) => rowOf({ ...matrix, values: float32 }, i));
  const counts = { same: 0, tied: 0, different: [] as string[] };
  let residual = new Float64Array(matrix.rows);

  function compare(a: Side, b: Side, rows: number[]): void {
    const [ours, others] = [splitOf(a, rows), splitOf(b, rows)];
    if (!ours && !others) return;
    const gains = [ours, others].map((split) => gainOf(split?.left ?? [], rows));
    if (ours && others && ours.feature === others.feature && ours.threshold === others.threshold)
      counts.same++;
    else if (Math.abs(gains[0] - gains[1]) <= gainTolerance * Math.max(1e-6, ...gains)) counts.tied++;
    else counts.different.push(`${rows.length} rows, gains ${gains.join(' and ')}`);
    if (!ours || !others || ours.left.join() !== others.left.join()) return;
    compare({ ...a, node: a.tree.left[a.node] }, { ...b, node: b.tree.left[b.node] }, ours.left);
    const rights = rows.filter((row) => rounded[row][ours.feature] > ours.threshold);
    compare({ ...a, node: a.tree.right[a.node] }, { ...b, node: b.tree.right[b.node] }, rights);
  }

  function splitOf({ tree, node }: Side, rows: number[]) {
    const feature = tree.feature[node];
    if (feature === leafMark) return undefined;
    const threshold = tree.threshold[node];
    return { feature, threshold, left: rows.filter((row) => rounded[row][feature] <= threshold) };
  }

  function gainOf(lefts: number[], rows: number[]): number {
    if (lefts.length === 0 || lefts.length === rows.length) return 0;
    const sumOf = (some: number[]) => some.reduce((sum, row) => sum + residual[row], 0);
    const rights = rows.length - lefts.length;
    const leftSum = sumOf(lefts);
    return (rights * leftSum - lefts.length * (sumOf(rows) - leftSum)) ** 2 / (lefts.length * rights);
  }

  for (const [tree, root] of theirs.trees.roots.entries()) {
    const raw = Float64Array.from(rounded, rawBefore(theirs, tree));
    residual = new Float64Array(matrix.rows);
    negativeGradient(labels, raw, residual);
    const grown = growTree(residual).tree;
    compare({ tree: grown, node: 0 }, { tree: theirs.trees, node: root }, Array.from(labels.keys()));
  }
  return counts;
}

/** The log-odds of a row after the first `count` trees. */
function rawBefore({ init, learning_rate, trees }: GradientBoosting, count: number) {
  const before = { trees: { ...trees, roots: trees.roots.slice(0, count) }, weight: learning_rate };
  return (row: Float64Array) => walkedSum(before, row, init);
}
