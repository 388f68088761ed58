import { type LeafSum, leafMark, type Trees } from './trees.ts';

const maxLeaves = 8;
const joinedAtOnce = 3;
const maxMaskBytes = 16 * 2 ** 20;

/** An inner node of `tree`: a row whose `feature` exceeds `threshold` cannot reach the leaves in `mask`. */
interface Exclusion {
  readonly tree: number;
  readonly feature: number;
  readonly threshold: number;
  readonly mask: number;
}

/** The ascending thresholds of one feature, and the index of its first mask. */
interface FeatureMasks {
  readonly feature: number;
  readonly thresholds: Float64Array;
  readonly first: number;
}

/**
 * The leaf sum of small trees without walking them, an extension of QuickScorer (Lucchese et al., SIGIR
 * 2015). A tree of at most eight leaves is one byte with one bit per leaf; the leftmost leaf is the highest
 * bit. Each threshold that a row exceeds clears the leaves left of that node, and the row reaches the
 * leftmost leaf that remains. How many thresholds of a feature a row exceeds determines the bits which that
 * feature clears in all trees, so these bytes are precomputed. A row costs one binary search per feature, a
 * bitwise AND of the bytes, four trees at a time, and one look-up per tree.
 *
 * @returns undefined where a tree has more than eight leaves, or the precomputed bytes would exceed 16 MiB
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

/** The exclusions of the subtree at `node`. Appends its leaves to `leaves`, from left to right. */
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

/** The bits of the leaves `first` to `end − 1`; leaf i is bit 7 − i. */
function bitsFrom(first: number, end: number): number {
  return (0xff >> first) & ~(0xff >> end);
}

/**
 * Row p of a feature's masks, `words` long, holds the remaining leaves of every tree for a row that exceeds p
 * of the feature's thresholds.
 */
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

  /** Where each feature's masks begin for the row; padded with the first one up to `joinedAtOnce` entries. */
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

/** How many of the ascending `thresholds` are below `value`, by a binary search without branches. */
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
