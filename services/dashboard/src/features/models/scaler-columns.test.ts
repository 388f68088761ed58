import { expect, test } from 'vitest';
import { toScalerColumns, toScalerTitle } from './scaler-columns.ts';

test('toScalerColumns keeps the parameters with one value per feature', () => {
  const scaler = {
    kind: 'min-max',
    data_min: [1, 2],
    feature_range: [0, 1],
    clip: false,
    scale: ['1', '2'],
  };
  expect(toScalerColumns(scaler, 2)).toEqual([{ name: 'data min', values: [1, 2] }]);
  expect(toScalerColumns({ kind: 'none' }, 2)).toEqual([]);
});

test('toScalerTitle titles known scalers and keeps the names of others', () => {
  const kinds = ['min-max', 'quantile', 'constructor', '__proto__'];
  expect(kinds.map((kind) => toScalerTitle({ kind }))).toEqual([
    'Min-max',
    'quantile',
    'constructor',
    '__proto__',
  ]);
});
