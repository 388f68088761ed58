import { z } from 'zod';

/** One entry per feature, in the feature's own unit: the largest absolute value. */
export const maxAbsScalerSchema = z.strictObject({
  kind: z.literal('max-abs'),
  scale: z.array(z.number().positive()),
});
export type MaxAbsScaler = z.infer<typeof maxAbsScalerSchema>;

/** `x / scale` in float64, as `MaxAbsScaler.transform` (sklearn/preprocessing/_data.py). */
export function createMaxAbsTransform({ scale }: MaxAbsScaler) {
  const scales = Float64Array.from(scale);
  return function transformRow(values: ArrayLike<number>, start: number, out: Float64Array): void {
    for (let j = 0; j < scales.length; j++) out[j] = values[start + j] / scales[j];
  };
}
