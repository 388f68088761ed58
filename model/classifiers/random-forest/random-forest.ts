import { z } from 'zod';
import { createLeafSum } from '../../trees/leaf-sum.ts';
import { type LeafSum, type Trees, treesSchema } from '../../trees/trees.ts';
import { justAboveHalf } from '../just-above-half.ts';
import { complementShare } from './complement-share.ts';

const isShare = (value: number) => value >= 0 && value <= 1;

/** The value of a leaf is the share of label 1 among the rows that reached it. */
export const randomForestSchema = z.strictObject({
  family: z.literal('random-forest'),
  trees: treesSchema.refine(({ value }) => value.every(isShare), {
    path: ['value'],
    message: 'expected shares from 0 to 1',
  }),
});
export type RandomForest = z.infer<typeof randomForestSchema>;

/** Of a mean of shares: nearer to a half, rounding decides which label is ahead. */
const tieWidth = 1e-9;

/**
 * P(label 1) = the mean of the leaves' shares over all trees, on features cast to float32: what
 * `RandomForestClassifier.predict_proba` of scikit-learn answers for two classes (sklearn/ensemble/_forest.py). Its
 * `predict` takes the label with the larger of two means, each with its own rounding. Near a half the other mean is
 * therefore taken as well, and the score put on the side that scikit-learn would choose. Nothing is allocated per row.
 *
 * @throws RangeError, from the function returned, where a scaled feature is beyond the range of float32
 */
export function createRandomForest({ trees }: { trees: Trees }, featureCount: number) {
  const leafSum = createLeafSum(trees, 1);
  let complementSum: LeafSum | undefined;
  const features = new Float64Array(featureCount);
  const count = trees.roots.length;

  function settleTie(share: number): number {
    complementSum ??= createLeafSum({ ...trees, value: trees.value.map(complementShare) }, 1);
    const isAhead = share > complementSum(features, 0) / count;
    return isAhead ? Math.max(justAboveHalf, share) : Math.min(0.5, share);
  }

  return function predictProba(row: Float64Array): number {
    for (let j = 0; j < featureCount; j++) {
      features[j] = Math.fround(row[j]);
      if (!Number.isFinite(features[j]))
        throw new RangeError(`scaled feature ${j}: ${row[j]} is beyond float32`);
    }
    const share = Math.min(1, leafSum(features, 0) / count);
    return Math.abs(share - 0.5) < tieWidth ? settleTie(share) : share;
  };
}
