import { z } from 'zod';
import type { TransformRow } from './scaler.ts';

/**
 * Replaces missing values. `fill` has one entry per feature; null where a value is required. The values are those of scaled
 * features if the imputer comes `after_scaler`.
 */
export const imputerSchema = z.strictObject({
  fill: z.array(z.number().nullable()),
  after_scaler: z.boolean(),
});
export type Imputer = z.infer<typeof imputerSchema>;

/** The transform of a scaler and an imputer for one row, in which NaN is a missing value. */
export function withImputer(transformRow: TransformRow, imputer: Imputer | undefined): TransformRow {
  if (imputer === undefined) return transformRow;
  const fills = Float64Array.from(imputer.fill, (value) => value ?? Number.NaN);
  if (imputer.after_scaler) {
    return function transformAndFill(values, start, out) {
      transformRow(values, start, out);
      for (let j = 0; j < fills.length; j++) if (Number.isNaN(out[j])) out[j] = fills[j];
    };
  }
  const filled = new Float64Array(fills.length);
  return function fillAndTransform(values, start, out) {
    for (let j = 0; j < fills.length; j++) {
      const value = values[start + j];
      filled[j] = Number.isNaN(value) ? fills[j] : value;
    }
    transformRow(filled, 0, out);
  };
}
