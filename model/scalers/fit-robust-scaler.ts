import type { Matrix } from '../matrix.ts';
import { measureColumns } from './measure-columns.ts';
import { rangeOrOne } from './range-or-one.ts';
import type { RobustScaler } from './robust-scaler.ts';

/**
 * Median, and the range between the first and the third quartile: `RobustScaler()` of scikit-learn 1.2.1
 * (sklearn/preprocessing/_data.py), whose quantiles are NumPy's `percentile` with linear interpolation.
 */
export function fitRobustScaler(matrix: Matrix): RobustScaler {
  const columns = measureColumns(matrix, (column) => {
    const sorted = column.sort();
    return { center: medianOf(sorted), range: quantileOf(sorted, 0.75) - quantileOf(sorted, 0.25) };
  });
  return {
    kind: 'robust',
    center: columns.map(({ center }) => center),
    scale: columns.map(({ range }) => rangeOrOne(range)),
  };
}

function medianOf(sorted: Float64Array): number {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * The value at place (n − 1) · share, interpolated from the nearer of its two neighbours (definition 7 of Hyndman and
 * Fan, The American Statistician 50 (1996), 361–365; `_lerp` in numpy/lib/function_base.py, NumPy 1.24).
 *
 * @param share from 0 to 1
 */
function quantileOf(sorted: Float64Array, share: number): number {
  const place = (sorted.length - 1) * share;
  const index = Math.floor(place);
  const below = sorted[index];
  const above = sorted[Math.min(index + 1, sorted.length - 1)];
  const part = place - index;
  return part < 0.5 ? below + (above - below) * part : above - (above - below) * (1 - part);
}
