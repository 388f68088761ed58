import { type LeafSum, leafMark, type Trees } from './trees.ts';

const maxLeaves = 8;
const joinedAtOnce = 3;
const maxMaskBytes = 16 * 2 ** 20;

/** An inner node: a row whose `feature` exceeds `threshold` cannot reach the leaves of `mask` in its `tree`. */
interface Exclusion {
  readonly tree: number;
  readonly feature: number;
  readonly threshold: number;
  readonly mask: number;
}

/** The thresholds of one feature, ascending, and where its masks begin. */
interface FeatureMasks {
  readonly feature: number;
  readonly thresholds: Float64Array;
  readonly first: number;
}

/**
 * Sums `weight · value` of the leaves that a row reaches, without walking a tree (Lucchese et al., "QuickScorer",
 * SIGIR 2015, taken one step further). A tree of at most eight leaves is a byte with a bit per leaf, the leftmost
 * the highest. Each threshold that a row exceeds takes away the leaves to the left of its node; the leftmost leaf that is
 * left is the one the row reaches. What a feature takes away depends only on how many of its thresholds the row
 * exceeds, so that the bytes of all trees stand ready for every such number: a row costs a binary search per feature,
 * a bitwise AND of their bytes, four trees at a time, and one look-up per tree.
 *
 * @returns undefined where a tree has more than eight leaves, or the bytes could take more than 16 MiB
 */
export function createBitvectorSum(trees: Trees, weight: number): LeafSum | undefined {
  const count = trees.roots.length;
  const weighted = new Float64Array(count * maxLeaves);
  const exclusions: Exclusion[] = [];
  for (const [tree, root] of trees.roots.entries()) {
    const leaves: number[] = [];
    exclusions.push(...excludeLefts(trees, root, leaves).map((exclusion) => ({ tree, ...exclusion })));
    if (leaves.length > maxLeaves) return undefined;
    for (const [i, leaf] of leaves.entries()) weighted[tree * maxLeaves + i] = weight * trees.value[leaf];
  }
  const words = Math.ceil(count / 4);
  if (exclusions.length * 2 * words * 4 > maxMaskBytes) return undefined;
  const { features, masks } = toMasks(exclusions, words);
  return createSum({ count, weighted, features, masks, words });
}

/** The inner nodes under `node`; its leaves are added to `leaves`, from left to right. */
function excludeLefts(trees: Trees, node: number, leaves: number[]): Omit<Exclusion, 'tree'>[] {
  if (trees.feature[node] === leafMark) {
    leaves.push(node);
    return [];
  }
  const first = leaves.length;
  const lefts = excludeLefts(trees, trees.left[node], leaves);
  const mask = bitsFrom(first, leaves.length);
  const rights = excludeLefts(trees, trees.right[node], leaves);
  return [{ feature: trees.feature[node], threshold: trees.threshold[node], mask }, ...lefts, ...rights];
}

/** Leaf i is bit 7 − i. */
function bitsFrom(first: number, end: number): number {
  return (0xff >> first) & ~(0xff >> end);
}

/** Row p of a feature's masks, `words` long, holds what is left of every tree for a row that exceeds p thresholds. */
function toMasks(
  exclusions: readonly Exclusion[],
  words: number,
): { features: FeatureMasks[]; masks: Int32Array } {
  const features: FeatureMasks[] = [];
  const masks = new Int32Array(Math.max(1, exclusions.length * 2) * words).fill(-1);
  const bytes = new Uint8Array(masks.buffer);
  let row = 0;
  for (const feature of new Set(exclusions.map((exclusion) => exclusion.feature))) {
    const own = exclusions
      .filter((exclusion) => exclusion.feature === feature)
      .sort((a, b) => a.threshold - b.threshold);
    const thresholds = Float64Array.from(new Set(own.map(({ threshold }) => threshold)));
    features.push({ feature, thresholds, first: row });
    for (const [i, { tree, threshold, mask }] of own.entries()) {
      if (threshold !== own[i - 1]?.threshold) {
        masks.copyWithin(row + words, row, row + words);
        row += words;
      }
      bytes[row * 4 + tree] &= ~mask;
    }
    row += words;
  }
  return { features, masks: masks.slice(0, row || words) };
}

function createSum({
  count,
  weighted,
  features,
  masks,
  words,
}: {
  count: number;
  weighted: Float64Array;
  features: readonly FeatureMasks[];
  masks: Int32Array;
  words: number;
}): LeafSum {
  const remaining = new Int32Array(words).fill(-1);
  const leftOf = new Uint8Array(remaining.buffer);

  /** Where each feature's bytes begin for the row; the first again where there are fewer features than are joined at once. */
  const from = new Int32Array(Math.max(joinedAtOnce, features.length));

  return function bitvectorSum(row, start) {
    for (let k = 0; k < features.length; k++) {
      const { feature, thresholds, first } = features[k];
      from[k] = first + countBelow(thresholds, row[feature]) * words;
    }
    for (let k = features.length; k < joinedAtOnce; k++) from[k] = from[0];
    const a = from[0];
    const b = from[1];
    const c = from[2];
    for (let word = 0; word < words; word++) {
      remaining[word] = masks[a + word] & masks[b + word] & masks[c + word];
    }
    for (let k = joinedAtOnce; k < features.length; k++) {
      const d = from[k];
      for (let word = 0; word < words; word++) remaining[word] &= masks[d + word];
    }
    let sum = start;
    for (let tree = 0; tree < count; tree++) {
      sum += weighted[tree * maxLeaves + Math.clz32(leftOf[tree]) - 24];
    }
    return sum;
  };
}

/** How many of the ascending `thresholds` are below `value`; no step is a branch that could be guessed wrong. */
function countBelow(thresholds: Float64Array, value: number): number {
  let below = 0;
  let rest = thresholds.length;
  while (rest > 0) {
    const half = (rest + 1) >> 1;
    below += half * (Number(thresholds[below + half - 1] < value) | 0);
    rest -= half;
  }
  return below;
}
