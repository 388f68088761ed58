import { z } from 'zod';
import { createLeafSum } from '../../trees/leaf-sum.ts';
import { treesSchema } from '../../trees/trees.ts';
import { expit } from '../expit.ts';

/** `init` is in log-odds, as the leaves' values are before `learning_rate` shrinks them. */
export const gradientBoostingSchema = z.strictObject({
  family: z.literal('gradient-boosting'),
  init: z.number(),
  learning_rate: z.number().positive(),
  trees: treesSchema,
});
export type GradientBoosting = z.infer<typeof gradientBoostingSchema>;

/**
 * P(label 1) = expit(init + Σ learning_rate · leaf), summed in the order of the trees, on features cast to float32:
 * what `GradientBoostingClassifier.predict_proba` of scikit-learn 1.2.1 answers for two classes
 * (sklearn/ensemble/_gb.py, _gradient_boosting.pyx). Nothing is allocated per row.
 *
 * @throws RangeError, from the function returned, where a scaled feature is beyond the range of float32
 */
export function createGradientBoosting(
  { init, learning_rate, trees }: GradientBoosting,
  featureCount: number,
) {
  const leafSum = createLeafSum(trees, learning_rate);
  const features = new Float64Array(featureCount);
  return function predictProba(row: Float64Array): number {
    for (let j = 0; j < featureCount; j++) {
      features[j] = Math.fround(row[j]);
      if (!Number.isFinite(features[j]))
        throw new RangeError(`scaled feature ${j}: ${row[j]} is beyond float32`);
    }
    return expit(leafSum(features, init));
  };
}
