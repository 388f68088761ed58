import { z } from 'zod';
import type { Matrix } from '../matrix.ts';
import { createStandardTransform, standardScalerSchema } from './standard-scaler.ts';

export const scalerSchema = z.discriminatedUnion('kind', [standardScalerSchema]);
export type Scaler = z.infer<typeof scalerSchema>;

/** Scales the row that begins at `values[start]` into `out`, which is as long as a row. */
export type TransformRow = (values: ArrayLike<number>, start: number, out: Float64Array) => void;

export function createTransform(scaler: Scaler): TransformRow {
  switch (scaler.kind) {
    case 'standard':
      return createStandardTransform(scaler);
  }
}

/** How many features the scaler was fitted on, or the number of each of its parameters where they disagree. */
export function scalerWidths(scaler: Scaler): { path: string; width: number }[] {
  switch (scaler.kind) {
    case 'standard':
      return (['mean', 'variance', 'scale'] as const).map((path) => ({ path, width: scaler[path].length }));
  }
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
