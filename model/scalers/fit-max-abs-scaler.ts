import type { Matrix } from '../matrix.ts';
import type { MaxAbsScaler } from './max-abs-scaler.ts';
import { measureColumns } from './measure-columns.ts';
import { rangeOrOne } from './range-or-one.ts';

/** `MaxAbsScaler()` of scikit-learn 1.2.1 (sklearn/preprocessing/_data.py). */
export function fitMaxAbsScaler(matrix: Matrix): MaxAbsScaler {
  const largest = measureColumns(matrix, (column) =>
    column.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
  );
  return { kind: 'max-abs', scale: largest.map(rangeOrOne) };
}
