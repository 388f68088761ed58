import { createBitvectorSum } from './bitvector-sum.ts';
import { createPackedSum } from './packed-sum.ts';
import { leafMark, type Trees } from './trees.ts';

/** Sums over all trees, in their order and starting from `start`, what the leaf that `row` reaches weighs. */
export type LeafSum = (row: Float64Array, start: number) => number;

/** A tree of this depth has at most 63 inner nodes, so that filling all trees up to it costs little memory. */
const maxCompleteDepth = 6;

/** That of eight leaves in a chain. */
const maxBitvectorDepth = 7;

/**
 * Sums `weight · value` of leaves, the fastest way for the size of the trees. Thresholds are float64, but the row has to
 * come rounded to float32, as scikit-learn 1.2.1 casts it (sklearn/tree/_tree.pyx).
 *
 * @param weight what each leaf's value is multiplied by, rounded once per leaf as scikit-learn rounds it
 */
export function createLeafSum(trees: Trees, weight: number): LeafSum {
  const depth = maxDepthOf(trees);
  const bitvectorSum = depth <= maxBitvectorDepth ? createBitvectorSum(trees, weight) : undefined;
  if (bitvectorSum) return bitvectorSum;
  if (depth <= maxCompleteDepth) return createCompleteSum(trees, { weight, depth });
  return createPackedSum(trees, weight) ?? createWalkedSum(trees, weight);
}

/** Follows the nodes as they are stored: any depth. */
export function createWalkedSum(trees: Trees, weight: number): LeafSum {
  const roots = Int32Array.from(trees.roots);
  const feature = Int32Array.from(trees.feature);
  const threshold = Float64Array.from(trees.threshold);
  const left = Int32Array.from(trees.left);
  const right = Int32Array.from(trees.right);
  const weighted = Float64Array.from(trees.value, (value) => weight * value);

  return function walkedSum(row, start) {
    let sum = start;
    for (let tree = 0; tree < roots.length; tree++) {
      let node = roots[tree];
      while (feature[node] !== leafMark) {
        node = row[feature[node]] <= threshold[node] ? left[node] : right[node];
      }
      sum += weighted[node];
    }
    return sum;
  };
}

/**
 * Fills every tree up to the same depth, a leaf above it becoming inner nodes that always go left. Nodes are then in
 * heap order (the children of i are 2i + 1 and 2i + 2) and need no stored children, and no step is a branch that the
 * processor could guess wrong: less than half of the time of a walk.
 *
 * @param depth at least that of the deepest tree
 */
export function createCompleteSum(
  trees: Trees,
  { weight, depth }: { weight: number; depth: number },
): LeafSum {
  const count = trees.roots.length;
  const inner = 2 ** depth - 1;
  const leaves = inner + 1;
  const feature = new Int32Array(count * inner);
  const threshold = new Float64Array(count * inner).fill(Number.POSITIVE_INFINITY);
  const weighted = new Float64Array(count * leaves);

  function place(node: number, { tree, slot }: { tree: number; slot: number }): void {
    if (slot >= inner) {
      weighted[tree * leaves + slot - inner] = weight * trees.value[node];
      return;
    }
    const isLeaf = trees.feature[node] === leafMark;
    if (!isLeaf) {
      feature[tree * inner + slot] = trees.feature[node];
      threshold[tree * inner + slot] = trees.threshold[node];
    }
    place(isLeaf ? node : trees.left[node], { tree, slot: 2 * slot + 1 });
    place(isLeaf ? node : trees.right[node], { tree, slot: 2 * slot + 2 });
  }
  for (const [tree, root] of trees.roots.entries()) place(root, { tree, slot: 0 });

  return function completeSum(row, start) {
    let sum = start;
    for (let tree = 0; tree < count; tree++) {
      const first = tree * inner;
      let slot = 0;
      for (let level = 0; level < depth; level++) {
        slot = 2 * slot + 1 + Number(row[feature[first + slot]] > threshold[first + slot]);
      }
      sum += weighted[tree * leaves + slot - inner];
    }
    return sum;
  };
}

/** Edges from a root to the deepest leaf of all trees. */
function maxDepthOf({ feature, left, right }: Trees): number {
  const heights = new Int32Array(feature.length);
  for (let node = feature.length - 1; node >= 0; node--) {
    if (feature[node] !== leafMark) heights[node] = 1 + Math.max(heights[left[node]], heights[right[node]]);
  }
  return heights.reduce((deepest, height) => Math.max(deepest, height), 0);
}
