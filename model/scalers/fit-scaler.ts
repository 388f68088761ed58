import type { Matrix } from '../matrix.ts';
import {
  type MaxAbsScaler,
  type MinMaxScaler,
  type RobustScaler,
  type Scaler,
  type StandardScaler,
  scalerSchema,
} from './scaler.ts';

export type ScalerKind = Scaler['kind'];

/**
 * Fits a scaler of the given kind to the columns of a matrix, with the defaults of scikit-learn 1.2.1.
 *
 * @throws RangeError when the range of a column exceeds float64
 */
export function fitScaler(kind: ScalerKind, matrix: Matrix): Scaler {
  const fitted = scalerSchema.safeParse(fitOfKind(kind, matrix));
  if (fitted.success) return fitted.data;
  const column = fitted.error.issues[0].path.find((part) => typeof part === 'number');
  throw new RangeError(`column ${column}: its values are too large for the ${kind} scaler`);
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

/**
 * Mean and population variance of each column by the corrected two-pass algorithm (Chan, Golub and LeVeque,
 * The American Statistician 37 (1983), 242–247; `_incremental_mean_and_var` in sklearn/utils/extmath.py,
 * scikit-learn 1.2.1). Columns are summed from the first row to the last, as NumPy sums axis 0 of a C-ordered
 * array, so that the results agree to the last bit.
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

interface Moments {
  readonly mean: number;
  readonly variance: number;
}

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
 * The standard deviation, or 1 for a column whose variance is 0 up to rounding error (`_is_constant_feature`
 * and `_handle_zeros_in_scale` in sklearn/preprocessing/_data.py).
 */
function toScale({ mean, variance }: Moments, rows: number): number {
  const bound = rows * Number.EPSILON * variance + (rows * mean * Number.EPSILON) ** 2;
  return variance <= bound ? 1 : Math.sqrt(variance);
}

/**
 * Scales to [0, 1] without clipping, as `MinMaxScaler()` of scikit-learn 1.2.1
 * (sklearn/preprocessing/_data.py).
 */
function fitMinMaxScaler(matrix: Matrix): MinMaxScaler {
  const data_min = measureColumns(matrix, (column) =>
    column.reduce((least, value) => Math.min(least, value)),
  );
  const data_max = measureColumns(matrix, (column) => column.reduce((most, value) => Math.max(most, value)));
  const scale = data_min.map((least, j) => 1 / rangeOrOne(data_max[j] - least));
  const min = data_min.map((least, j) => 0 - least * scale[j]);
  return { kind: 'min-max', data_min, data_max, scale, min, feature_range: [0, 1], clip: false };
}

/**
 * Median and interquartile range, as `RobustScaler()` of scikit-learn 1.2.1 (sklearn/preprocessing/_data.py),
 * whose quantiles are NumPy's `percentile` with linear interpolation.
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
 * The value at position (n − 1) · share, interpolated from the nearer of its two neighbors (definition 7 of
 * Hyndman and Fan, The American Statistician 50 (1996), 361–365; `_lerp` in numpy/lib/function_base.py, NumPy
 * 1.24).
 *
 * @param share in [0, 1]
 */
function quantileOf(sorted: Float64Array, share: number): number {
  const place = (sorted.length - 1) * share;
  const index = Math.floor(place);
  const below = sorted[index];
  const above = sorted[Math.min(index + 1, sorted.length - 1)];
  const part = place - index;
  return part < 0.5 ? below + (above - below) * part : above - (above - below) * (1 - part);
}

/** The largest absolute value, as `MaxAbsScaler()` of scikit-learn 1.2.1 (sklearn/preprocessing/_data.py). */
function fitMaxAbsScaler(matrix: Matrix): MaxAbsScaler {
  const largest = measureColumns(matrix, (column) =>
    column.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
  );
  return { kind: 'max-abs', scale: largest.map(rangeOrOne) };
}

/**
 * Replaces a range below ten times the epsilon of float64 by 1, so that a constant column is shifted but not
 * stretched (`_handle_zeros_in_scale` in sklearn/preprocessing/_data.py, scikit-learn 1.2.1).
 */
function rangeOrOne(range: number): number {
  return Math.abs(range) < 10 * Number.EPSILON ? 1 : range;
}

/** Applies `measure` to a copy of each column, which it may modify. */
function measureColumns<T>({ rows, columns, values }: Matrix, measure: (column: Float64Array) => T): T[] {
  return Array.from({ length: columns }, (_, j) =>
    measure(Float64Array.from({ length: rows }, (_, i) => values[i * columns + j])),
  );
}
