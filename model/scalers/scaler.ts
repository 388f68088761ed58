import { z } from 'zod';
import type { Matrix } from '../matrix.ts';

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
function createStandardTransform({ mean, scale }: StandardScaler) {
  const means = Float64Array.from(mean);
  const scales = Float64Array.from(scale);
  return function transformRow(values: ArrayLike<number>, start: number, out: Float64Array): void {
    for (let j = 0; j < means.length; j++) out[j] = (values[start + j] - means[j]) / scales[j];
  };
}

/**
 * One entry per feature, in the feature's own unit: `data_min` and `data_max` of the rows it was fitted on, `scale` and
 * `min` as scikit-learn's `MinMaxScaler` has them; `clip` to `feature_range` where a reading lies outside.
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

/** `x · scale + min` in float64, as `MinMaxScaler.transform` (sklearn/preprocessing/_data.py). */
function createMinMaxTransform({ scale, min, feature_range: [low, high], clip }: MinMaxScaler) {
  const scales = Float64Array.from(scale);
  const mins = Float64Array.from(min);
  return function transformRow(values: ArrayLike<number>, start: number, out: Float64Array): void {
    for (let j = 0; j < scales.length; j++) {
      const scaled = values[start + j] * scales[j] + mins[j];
      out[j] = clip ? Math.min(high, Math.max(low, scaled)) : scaled;
    }
  };
}

/** One entry per feature, in the feature's own unit: the median, and the range between two quantiles. */
const robustScalerSchema = z.strictObject({
  kind: z.literal('robust'),
  center: z.array(z.number()),
  scale: z.array(z.number().positive()),
});
export type RobustScaler = z.infer<typeof robustScalerSchema>;

/** `(x − center) / scale` in float64, as `RobustScaler.transform` (sklearn/preprocessing/_data.py). */
function createRobustTransform({ center, scale }: RobustScaler) {
  const centers = Float64Array.from(center);
  const scales = Float64Array.from(scale);
  return function transformRow(values: ArrayLike<number>, start: number, out: Float64Array): void {
    for (let j = 0; j < scales.length; j++) out[j] = (values[start + j] - centers[j]) / scales[j];
  };
}

/** One entry per feature, in the feature's own unit: the largest absolute value. */
const maxAbsScalerSchema = z.strictObject({
  kind: z.literal('max-abs'),
  scale: z.array(z.number().positive()),
});
export type MaxAbsScaler = z.infer<typeof maxAbsScalerSchema>;

/** `x / scale` in float64, as `MaxAbsScaler.transform` (sklearn/preprocessing/_data.py). */
function createMaxAbsTransform({ scale }: MaxAbsScaler) {
  const scales = Float64Array.from(scale);
  return function transformRow(values: ArrayLike<number>, start: number, out: Float64Array): void {
    for (let j = 0; j < scales.length; j++) out[j] = values[start + j] / scales[j];
  };
}

/** The classifier sees the features as they are measured. */
const noScalerSchema = z.strictObject({ kind: z.literal('none') });

export const scalerSchema = z.discriminatedUnion('kind', [
  standardScalerSchema,
  minMaxScalerSchema,
  robustScalerSchema,
  maxAbsScalerSchema,
  noScalerSchema,
]);
export type Scaler = z.infer<typeof scalerSchema>;

/** Scales the row that begins at `values[start]` into `out`, which is as long as a row. */
export type TransformRow = (values: ArrayLike<number>, start: number, out: Float64Array) => void;

export function createTransform(scaler: Scaler): TransformRow {
  switch (scaler.kind) {
    case 'standard':
      return createStandardTransform(scaler);
    case 'min-max':
      return createMinMaxTransform(scaler);
    case 'robust':
      return createRobustTransform(scaler);
    case 'max-abs':
      return createMaxAbsTransform(scaler);
    case 'none':
      return copyRow;
  }
}

function copyRow(values: ArrayLike<number>, start: number, out: Float64Array): void {
  for (let j = 0; j < out.length; j++) out[j] = values[start + j];
}

/** How many entries each array of the scaler has: all as many as there are features, where it fits them. */
export function scalerWidths(scaler: Scaler): { path: string; width: number }[] {
  return Object.entries(scaler).flatMap(([path, part]) =>
    Array.isArray(part) && path !== 'feature_range' ? [{ path, width: part.length }] : [],
  );
}

/** Every row scaled, as a new matrix. */
export function transform(scaler: Scaler, { rows, columns, values }: Matrix): Matrix {
  const transformRow = createTransform(scaler);
  const scaled = new Float64Array(values.length);
  for (let i = 0; i < rows; i++) {
    const start = i * columns;
    transformRow(values, start, scaled.subarray(start, start + columns));
  }
  return { rows, columns, values: scaled };
}
