import type { Matrix } from '../matrix.ts';
import { fitMaxAbsScaler } from './fit-max-abs-scaler.ts';
import { fitMinMaxScaler } from './fit-min-max-scaler.ts';
import { fitRobustScaler } from './fit-robust-scaler.ts';
import { fitStandardScaler } from './fit-standard-scaler.ts';
import { type Scaler, scalerSchema } from './scaler.ts';

export type ScalerKind = Scaler['kind'];

/**
 * The scaler of the kind, fitted to the matrix.
 *
 * @throws RangeError where a column spans more than float64 can hold
 */
export function fitScaler(kind: ScalerKind, matrix: Matrix): Scaler {
  const fitted = scalerSchema.safeParse(fitOfKind(kind, matrix));
  if (fitted.success) return fitted.data;
  const column = fitted.error.issues[0].path.find((part) => typeof part === 'number');
  throw new RangeError(`column ${column}: its values are too large for a scaler of the kind ${kind}`);
}

function fitOfKind(kind: ScalerKind, matrix: Matrix): Scaler {
  switch (kind) {
    case 'standard':
      return fitStandardScaler(matrix);
    case 'min-max':
      return fitMinMaxScaler(matrix);
    case 'robust':
      return fitRobustScaler(matrix);
    case 'max-abs':
      return fitMaxAbsScaler(matrix);
    case 'none':
      return { kind };
  }
}
