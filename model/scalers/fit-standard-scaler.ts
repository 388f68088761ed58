import type { Matrix } from '../matrix.ts';
import type { StandardScaler } from './standard-scaler.ts';

/**
 * Mean and population variance of each column, as scikit-learn 1.2.1 computes them: the corrected two-pass
 * algorithm of Chan, Golub and LeVeque (The American Statistician 37 (1983), 242–247; `_incremental_mean_and_var` in
 * sklearn/utils/extmath.py). Columns are summed from the first row to the last, as NumPy does along axis 0 of a
 * C-ordered array, so that the figures agree to the last bit.
 */
export function fitStandardScaler(matrix: Matrix): StandardScaler {
  const moments = Array.from({ length: matrix.columns }, (_, column) => momentsOf(matrix, column));
  return {
    kind: 'standard',
    mean: moments.map(({ mean }) => mean),
    variance: moments.map(({ variance }) => variance),
    scale: moments.map((moment) => toScale(moment, matrix.rows)),
  };
}

type Moments = { readonly mean: number; readonly variance: number };

function momentsOf({ rows, columns, values }: Matrix, column: number): Moments {
  let sum = 0;
  for (let i = column; i < values.length; i += columns) sum += values[i];
  const mean = sum / rows;
  let deviations = 0;
  let squares = 0;
  for (let i = column; i < values.length; i += columns) {
    const deviation = values[i] - mean;
    deviations += deviation;
    squares += deviation * deviation;
  }
  return { mean, variance: (squares - deviations ** 2 / rows) / rows };
}

/**
 * The standard deviation, or 1 for a column that is constant within the rounding error of its variance
 * (`_is_constant_feature` and `_handle_zeros_in_scale` in sklearn/preprocessing/_data.py).
 */
function toScale({ mean, variance }: Moments, rows: number): number {
  const bound = rows * Number.EPSILON * variance + (rows * mean * Number.EPSILON) ** 2;
  return variance <= bound ? 1 : Math.sqrt(variance);
}
