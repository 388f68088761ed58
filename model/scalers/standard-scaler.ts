import { z } from 'zod';

/** One entry per feature, in the feature's own unit (`variance`: its square). */
export const standardScalerSchema = z.strictObject({
  kind: z.literal('standard'),
  mean: z.array(z.number()),
  variance: z.array(z.number().nonnegative()),
  scale: z.array(z.number().positive()),
});
export type StandardScaler = z.infer<typeof standardScalerSchema>;

/**
 * `(x − mean) / scale` in float64, in this order of operations, as `StandardScaler.transform` of scikit-learn 1.2.1
 * (sklearn/preprocessing/_data.py) has it.
 */
export function createStandardTransform({ mean, scale }: StandardScaler) {
  const means = Float64Array.from(mean);
  const scales = Float64Array.from(scale);
  return function transformRow(values: ArrayLike<number>, start: number, out: Float64Array): void {
    for (let j = 0; j < means.length; j++) out[j] = (values[start + j] - means[j]) / scales[j];
  };
}
