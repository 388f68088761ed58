import { describe, expect, test } from 'vitest';
import { generateDataset } from '../dataset/generate-dataset.ts';
import { createMatrix } from '../matrix.ts';
import reference from '../reference/standard-scaler.json' with { type: 'json' };
import { fitStandardScaler } from './fit-standard-scaler.ts';
import { transform } from './scaler.ts';

/** The largest difference, relative to the value where that is beyond 1. */
function difference(actual: ArrayLike<number>, expected: readonly number[]): number {
  expect(actual.length).toBe(expected.length);
  return Math.max(
    ...expected.map(
      (value, i) => Math.abs(actual[i] - value) / Math.max(1, Math.abs(value), Math.abs(actual[i])),
    ),
  );
}

describe('fitStandardScaler', () => {
  test('divides by the number of rows, not one fewer', () => {
    const scaler = fitStandardScaler(createMatrix(Float64Array.of(1, 10, 3, 10, 5, 10), 2));
    expect(scaler).toEqual({
      kind: 'standard',
      mean: [3, 10],
      variance: [8 / 3, 0],
      scale: [Math.sqrt(8 / 3), 1],
    });
  });

  test('agrees with scikit-learn on the dataset to the last bit', () => {
    const { features } = generateDataset();
    const { scaler, sample, transformed } = reference.dataset;
    const fitted = fitStandardScaler(features);
    expect(fitted).toEqual(scaler);
    const scaled = transform(fitted, features).values;
    const rows = sample.map((row) => Array.from(scaled.subarray(row * 3, row * 3 + 3)));
    expect(rows).toEqual(transformed);
  });

  test.each(reference.cases)('agrees with scikit-learn: $name', ({ rows, scaler, transformed }) => {
    const matrix = createMatrix(Float64Array.from(rows.flat()), rows[0].length);
    const fitted = fitStandardScaler(matrix);
    expect(difference(fitted.mean, scaler.mean)).toBeLessThan(1e-12);
    expect(difference(fitted.variance, scaler.variance)).toBeLessThan(1e-12);
    expect(difference(fitted.scale, scaler.scale)).toBeLessThan(1e-12);
    expect(difference(transform(fitted, matrix).values, transformed.flat())).toBeLessThan(1e-12);
  });
});
