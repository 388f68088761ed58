import { z } from 'zod';
import type { Matrix } from '../matrix.ts';

/** Every array has one entry per feature, in the feature's unit (`variance` in its square). */
export const standardScalerSchema = z.strictObject({
  kind: z.literal('standard'),
  mean: z.array(z.number()),
  variance: z.array(z.number().nonnegative()),
  scale: z.array(z.number().positive()),
});
export type StandardScaler = z.infer<typeof standardScalerSchema>;

/**
 * `data_min` and `data_max` are those of the training rows; `scale` and `min` are attributes of scikit-learn's
 * `MinMaxScaler`. With `clip`, scaled values are clipped to `feature_range`.
 */
const minMaxScalerSchema = z.strictObject({
  kind: z.literal('min-max'),
  data_min: z.array(z.number()),
  data_max: z.array(z.number()),
  scale: z.array(z.number().positive()),
  min: z.array(z.number()),
  feature_range: z.tuple([z.number(), z.number()]),
  clip: z.boolean(),
});
export type MinMaxScaler = z.infer<typeof minMaxScalerSchema>;

/** `center` is the median, `scale` the range between two quantiles. */
const robustScalerSchema = z.strictObject({
  kind: z.literal('robust'),
  center: z.array(z.number()),
  scale: z.array(z.number().positive()),
});
export type RobustScaler = z.infer<typeof robustScalerSchema>;

/** `scale` is the largest absolute value. */
const maxAbsScalerSchema = z.strictObject({
  kind: z.literal('max-abs'),
  scale: z.array(z.number().positive()),
});
export type MaxAbsScaler = z.infer<typeof maxAbsScalerSchema>;

/** The classifier gets the features unscaled. */
const noScalerSchema = z.strictObject({ kind: z.literal('none') });

export const scalerSchema = z.discriminatedUnion('kind', [
  standardScalerSchema,
  minMaxScalerSchema,
  robustScalerSchema,
  maxAbsScalerSchema,
  noScalerSchema,
]);
export type Scaler = z.infer<typeof scalerSchema>;

/** Scales every row of a matrix into a new one. */
export function transform(scaler: Scaler, { rows, columns, values }: Matrix): Matrix {
  const transformRow = createTransform(scaler);
  const scaled = new Float64Array(values.length);
  for (let i = 0; i < rows; i++) {
    const start = i * columns;
    transformRow(values, start, scaled.subarray(start, start + columns));
  }
  return { rows, columns, values: scaled };
}

/** Scales the row that starts at `values[start]` into `out`, whose length is that of a row. */
export type TransformRow = (values: ArrayLike<number>, start: number, out: Float64Array) => void;

/**
 * The transform of a scaler for one row, in float64, with the order of operations of scikit-learn 1.2.1
 * (sklearn/preprocessing/_data.py).
 */
export function createTransform(scaler: Scaler): TransformRow {
  if (scaler.kind === 'none') return copyRow;
  return scaler.kind === 'min-max' ? createMinMaxTransform(scaler) : createCenteredTransform(scaler);
}

type CenteredScaler = StandardScaler | RobustScaler | MaxAbsScaler;

/** One entry per feature: the transform is (x − center) / scale. */
export function centerOf(scaler: CenteredScaler): number[] {
  switch (scaler.kind) {
    case 'standard':
      return scaler.mean;
    case 'robust':
      return scaler.center;
    case 'max-abs':
      return scaler.scale.map(() => 0);
  }
}

function createCenteredTransform(scaler: CenteredScaler): TransformRow {
  const centers = Float64Array.from(centerOf(scaler));
  const scales = Float64Array.from(scaler.scale);
  return function transformRow(values, start, out) {
    for (let j = 0; j < centers.length; j++) out[j] = (values[start + j] - centers[j]) / scales[j];
  };
}

function createMinMaxTransform({ scale, min, feature_range: [low, high], clip }: MinMaxScaler): TransformRow {
  const scales = Float64Array.from(scale);
  const mins = Float64Array.from(min);
  return function transformRow(values, start, out) {
    for (let j = 0; j < scales.length; j++) {
      const scaled = values[start + j] * scales[j] + mins[j];
      out[j] = clip ? Math.min(high, Math.max(low, scaled)) : scaled;
    }
  };
}

function copyRow(values: ArrayLike<number>, start: number, out: Float64Array): void {
  for (let j = 0; j < out.length; j++) out[j] = values[start + j];
}

/** The length of each per-feature array of the scaler. */
export function scalerWidths(scaler: Scaler): { path: string; width: number }[] {
  return Object.entries(scaler).flatMap(([path, part]) =>
    Array.isArray(part) && path !== 'feature_range' ? [{ path, width: part.length }] : [],
  );
}
