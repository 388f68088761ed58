import { z } from 'zod';

/**
 * One entry per feature, in the feature's own unit: `data_min` and `data_max` of the rows it was fitted on, `scale` and
 * `min` as scikit-learn's `MinMaxScaler` has them; `clip` to `feature_range` where a reading lies outside.
 */
export const minMaxScalerSchema = z.strictObject({
  kind: z.literal('min-max'),
  data_min: z.array(z.number()),
  data_max: z.array(z.number()),
  scale: z.array(z.number().positive()),
  min: z.array(z.number()),
  feature_range: z.tuple([z.number(), z.number()]),
  clip: z.boolean(),
});
export type MinMaxScaler = z.infer<typeof minMaxScalerSchema>;

/** `x · scale + min` in float64, as `MinMaxScaler.transform` (sklearn/preprocessing/_data.py). */
export function createMinMaxTransform({ scale, min, feature_range: [low, high], clip }: MinMaxScaler) {
  const scales = Float64Array.from(scale);
  const mins = Float64Array.from(min);
  return function transformRow(values: ArrayLike<number>, start: number, out: Float64Array): void {
    for (let j = 0; j < scales.length; j++) {
      const scaled = values[start + j] * scales[j] + mins[j];
      out[j] = clip ? Math.min(high, Math.max(low, scaled)) : scaled;
    }
  };
}
