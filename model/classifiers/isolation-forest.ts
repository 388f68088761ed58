import { z } from 'zod';
import { createLeafSum, type PackedTrees, packTrees, roundToFloat32 } from '../trees/leaf-sum.ts';
import { treesSchema } from '../trees/trees.ts';

/**
 * - `trees`: the value of a leaf is the path length of its rows: its depth, and the average path length of an isolation tree of
 *   as many rows as the leaf has
 * - `normalizer`: the number of trees times the average path length of an isolation tree of `max_samples` rows
 * - `offset`: scores above are anomalies; the negative of scikit-learn's `offset_`
 */
export const isolationForestSchema = z.strictObject({
  family: z.literal('isolation-forest'),
  trees: treesSchema,
  normalizer: z.number().nonnegative(),
  offset: z.number().min(0).max(1),
});
export type IsolationForest = z.infer<typeof isolationForestSchema>;

export interface PreparedIsolationForest extends Omit<IsolationForest, 'trees'> {
  readonly trees: PackedTrees;
}

/** @throws RangeError as `packTrees` does */
export function prepareIsolationForest(forest: IsolationForest): PreparedIsolationForest {
  return { ...forest, trees: packTrees(forest.trees, 1) };
}

/** Rounding errors of logarithms and powers, which differ between machines. */
const rounding = 1e-13;

/**
 * The score 2^(−Σ path lengths / normalizer), in (0, 1], on features rounded to float32 (Liu, Ting and Zhou, ICDM 2008, 413–422):
 * the negative of `IsolationForest.score_samples` of scikit-learn 1.2.1 (sklearn/ensemble/_iforest.py). It is not a probability.
 * A score within rounding errors of the offset is the offset, so that a row at the offset is normal as in scikit-learn.
 *
 * @throws RangeError, from the returned function, when a scaled feature is beyond the range of float32
 */
export function createIsolationForest(
  { trees, normalizer, offset }: PreparedIsolationForest,
  featureCount: number,
) {
  const pathLengths = createLeafSum(trees);
  const features = new Float64Array(featureCount);
  return function score(row: Float64Array): number {
    roundToFloat32(row, features);
    const exponent = normalizer === 0 ? 1 : pathLengths(features, 0) / normalizer;
    const found = 2 ** -exponent;
    return Math.abs(found - offset) <= rounding ? offset : found;
  };
}

/** The average path length of an isolation tree of so many rows: that of an unsuccessful search in a binary search tree. */
export function averagePathLength(rows: number): number {
  if (rows <= 1) return 0;
  if (rows === 2) return 1;
  return 2 * (Math.log(rows - 1) + eulerGamma) - (2 * (rows - 1)) / rows;
}

const eulerGamma = 0.5772156649015329;
