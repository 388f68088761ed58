import type { LeafSum } from './leaf-sum.ts';
import { leafMark, type Trees } from './trees.ts';

const featureBits = 6;
const featureMask = 2 ** featureBits - 1;
const maxSlots = 2 ** (32 - featureBits);

/** Trees in slots of eight bytes, both children of a node next to each other. */
type PackedTrees = {
  /** Of each tree, and of as many leaves of 0 as make their number a multiple of four. */
  readonly roots: Int32Array;
  /** At 2 · slot: a row goes right where its value exceeds this float32; ∞ in a leaf. */
  readonly thresholds: Float32Array;
  /** At 2 · slot + 1: the slot of the left child, a leaf's own in a leaf, and in the lowest bits the feature. */
  readonly steps: Uint32Array;
  readonly weighted: Float64Array;
};

/**
 * Walks four trees at a time, so that the processor fetches the next nodes of three while it waits for the fourth, and
 * without a branch that it could guess wrong: a leaf leads to itself until all four have arrived. Four times as fast as
 * a plain walk for the deep trees of a forest. A row holds float32 values, so that thresholds may be rounded down to
 * float32: no such value lies between.
 *
 * @returns undefined where features or nodes are too many for 32 bits
 */
export function createPackedSum(trees: Trees, weight: number): LeafSum | undefined {
  const isSmall = trees.feature.length + 3 <= maxSlots && trees.feature.every((j) => j <= featureMask);
  if (!isSmall) return undefined;
  const { roots, thresholds, steps, weighted } = pack(trees, weight);

  function stepFrom(slot: number, row: Float64Array): number {
    const step = steps[2 * slot + 1];
    return (step >>> featureBits) + (Number(row[step & featureMask] > thresholds[2 * slot]) | 0);
  }

  return function packedSum(row, start) {
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

function pack(trees: Trees, weight: number): PackedTrees {
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
  if (nearest <= value) return nearest;
  const float = Float32Array.of(nearest);
  const bits = new Int32Array(float.buffer);
  if (nearest === 0) return -(2 ** -149);
  bits[0] += nearest > 0 ? -1 : 1;
  return float[0];
}
