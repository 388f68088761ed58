import { z } from 'zod';
import type { Matrix } from '../matrix.ts';
import { createMaxAbsTransform, maxAbsScalerSchema } from './max-abs-scaler.ts';
import { createMinMaxTransform, minMaxScalerSchema } from './min-max-scaler.ts';
import { createRobustTransform, robustScalerSchema } from './robust-scaler.ts';
import { createStandardTransform, standardScalerSchema } from './standard-scaler.ts';

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
