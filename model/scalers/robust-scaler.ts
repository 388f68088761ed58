import { z } from 'zod';

/** One entry per feature, in the feature's own unit: the median, and the range between two quantiles. */
export const robustScalerSchema = z.strictObject({
  kind: z.literal('robust'),
  center: z.array(z.number()),
  scale: z.array(z.number().positive()),
});
export type RobustScaler = z.infer<typeof robustScalerSchema>;

/** `(x − center) / scale` in float64, as `RobustScaler.transform` (sklearn/preprocessing/_data.py). */
export function createRobustTransform({ center, scale }: RobustScaler) {
  const centers = Float64Array.from(center);
  const scales = Float64Array.from(scale);
  return function transformRow(values: ArrayLike<number>, start: number, out: Float64Array): void {
    for (let j = 0; j < scales.length; j++) out[j] = (values[start + j] - centers[j]) / scales[j];
  };
}
