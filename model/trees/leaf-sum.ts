import { float32Below } from './float32.ts';
import { type LeafSum, leafMark, type Trees } from './trees.ts';

/**
 * Rounds a row to float32 into `out`.
 *
 * @throws RangeError when a feature is beyond the range of float32
 */
export function roundToFloat32(row: Float64Array, out: Float64Array): void {
  for (let j = 0; j < out.length; j++) {
    out[j] = Math.fround(row[j]);
    if (!Number.isFinite(out[j])) throw new RangeError(`scaled feature ${j}: ${row[j]} is beyond float32`);
  }
}

const featureBits = 6;
const featureMask = 2 ** featureBits - 1;
const maxSlots = 2 ** (32 - featureBits);

/**
 * Trees in slots of eight bytes; the two children of a node are adjacent. Thresholds are rounded down to float32: the row
 * holds float32 values, and none lies between a threshold and its rounded value.
 */
export interface PackedTrees {
  /** The root of each tree, and padding leaves of value 0 up to a multiple of four. */
  readonly roots: Int32Array;
  /** At 2 · slot: a row goes right where its value exceeds this float32; ∞ in a leaf. */
  readonly thresholds: Float32Array;
  /**
   * At 2 · slot + 1: the slot of the left child (in a leaf, its own slot); the lowest bits are the feature.
   */
  readonly steps: Uint32Array;
  /** At each leaf: its value, times the weight of the trees. */
  readonly weighted: Float64Array;
}

/**
 * The sum over all trees of `weight · value` of the leaf that a row reaches, in the order of the trees. Thresholds are
 * float64. The row must be rounded to float32, as scikit-learn 1.2.1 rounds it (sklearn/tree/_tree.pyx).
 *
 * Walks four trees at a time: the processor fetches the next nodes of three trees while it waits for the fourth. A leaf
 * points to itself until all four walks have ended, so no step is a branch that can be mispredicted. Four times as
 * fast as walking one tree after the other.
 */
export function createLeafSum(trees: PackedTrees): LeafSum {
  // As destructured parameters, they would make a walk a tenth slower: V8 would not treat them as constants.
  const { roots, thresholds, steps, weighted } = trees;

  function stepFrom(slot: number, row: Float64Array): number {
    const step = steps[2 * slot + 1];
    return (step >>> featureBits) + (Number(row[step & featureMask] > thresholds[2 * slot]) | 0);
  }

  return function leafSum(row, start) {
    let sum = start;
    for (let tree = 0; tree < roots.length; tree += 4) {
      let a = roots[tree];
      let b = roots[tree + 1];
      let c = roots[tree + 2];
      let d = roots[tree + 3];
      for (;;) {
        const nextA = stepFrom(a, row);
        const nextB = stepFrom(b, row);
        const nextC = stepFrom(c, row);
        const nextD = stepFrom(d, row);
        if (((a ^ nextA) | (b ^ nextB) | (c ^ nextC) | (d ^ nextD)) === 0) break;
        a = nextA;
        b = nextB;
        c = nextC;
        d = nextD;
      }
      sum = sum + weighted[a] + weighted[b] + weighted[c] + weighted[d];
    }
    return sum;
  };
}

/**
 * @param weight factor of each leaf's value; the product is rounded once per leaf, as in scikit-learn
 * @throws RangeError for a feature index above 63, or more than 2²⁶ nodes
 */
export function packTrees(trees: Trees, weight: number): PackedTrees {
  if (trees.feature.length + 3 > maxSlots || trees.feature.some((j) => j > featureMask)) {
    throw new RangeError(`trees with features above ${featureMask} or more than ${maxSlots} nodes`);
  }
  const nodes = trees.feature.length;
  const count = trees.roots.length;
  const padding = (4 - (count % 4)) % 4;
  const slots = nodes + padding;
  const thresholds = new Float32Array(2 * slots).fill(Number.POSITIVE_INFINITY);
  const steps = new Uint32Array(thresholds.buffer);
  const weighted = new Float64Array(slots);
  const slotOf = toSlots(trees);
  for (let node = 0; node < nodes; node++) {
    const slot = slotOf[node];
    const feature = trees.feature[node];
    const isLeaf = feature === leafMark;
    if (isLeaf) weighted[slot] = weight * trees.value[node];
    else thresholds[2 * slot] = roundDown(trees.threshold[node]);
    steps[2 * slot + 1] = isLeaf ? slot << featureBits : (slotOf[trees.left[node]] << featureBits) | feature;
  }
  for (let slot = nodes; slot < slots; slot++) steps[2 * slot + 1] = slot << featureBits;
  const roots = Int32Array.from({ length: count + padding }, (_, tree) =>
    tree < count ? slotOf[trees.roots[tree]] : nodes + tree - count,
  );
  return { roots, thresholds, steps, weighted };
}

/** The slot of each node: a root, then the children of each node in pairs, parents in pre-order. */
function toSlots({ roots, feature, left, right }: Trees): Int32Array {
  const slotOf = new Int32Array(feature.length);
  let next = 0;
  let tree = 0;
  for (let node = 0; node < feature.length; node++) {
    if (node === roots[tree]) {
      slotOf[node] = next++;
      tree++;
    }
    if (feature[node] === leafMark) continue;
    slotOf[left[node]] = next++;
    slotOf[right[node]] = next++;
  }
  return slotOf;
}

/** The largest float32 that is not above the value. */
function roundDown(value: number): number {
  const nearest = Math.fround(value);
  return nearest <= value ? nearest : float32Below(nearest);
}
