import type { Matrix } from '../matrix.ts';
import { measureColumns } from './measure-columns.ts';
import type { MinMaxScaler } from './min-max-scaler.ts';
import { rangeOrOne } from './range-or-one.ts';

/** Onto [0, 1], without clipping: `MinMaxScaler()` of scikit-learn 1.2.1 (sklearn/preprocessing/_data.py). */
export function fitMinMaxScaler(matrix: Matrix): MinMaxScaler {
  const data_min = measureColumns(matrix, (column) =>
    column.reduce((least, value) => Math.min(least, value)),
  );
  const data_max = measureColumns(matrix, (column) => column.reduce((most, value) => Math.max(most, value)));
  const scale = data_min.map((least, j) => 1 / rangeOrOne(data_max[j] - least));
  const min = data_min.map((least, j) => 0 - least * scale[j]);
  return { kind: 'min-max', data_min, data_max, scale, min, feature_range: [0, 1], clip: false };
}
