import { z } from 'zod';
import { createLeafSum } from '../../trees/leaf-sum.ts';
import { type Trees, treesSchema } from '../../trees/trees.ts';

/** The value of a leaf is the share of label 1 among the rows that reached it. */
export const randomForestSchema = z.strictObject({
  family: z.literal('random-forest'),
  trees: treesSchema,
});
export type RandomForest = z.infer<typeof randomForestSchema>;

/**
 * P(label 1) = the mean of the leaves' shares over all trees, on features cast to float32: what
 * `RandomForestClassifier.predict_proba` of scikit-learn answers for two classes (sklearn/ensemble/_forest.py).
 *
 * @throws RangeError, from the function returned, where a scaled feature is beyond the range of float32
 */
export function createRandomForest({ trees }: { trees: Trees }, featureCount: number) {
  const leafSum = createLeafSum(trees, 1);
  const features = new Float64Array(featureCount);
  const count = trees.roots.length;
  return function predictProba(row: Float64Array): number {
    for (let j = 0; j < featureCount; j++) {
      features[j] = Math.fround(row[j]);
      if (!Number.isFinite(features[j]))
        throw new RangeError(`scaled feature ${j}: ${row[j]} is beyond float32`);
    }
    return Math.min(1, leafSum(features, 0) / count);
  };
}
