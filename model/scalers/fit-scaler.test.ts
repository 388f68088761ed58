import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { generateDataset } from '../dataset/generate-dataset.ts';
import { createMatrix } from '../matrix.ts';
import reference from '../reference/scalers.json' with { type: 'json' };
import standardReference from '../reference/standard-scaler.json' with { type: 'json' };
import { fitRobustScaler, fitScaler, fitStandardScaler, type ScalerKind } from './fit-scaler.ts';
import { createTransform, type Scaler, scalerSchema, scalerWidths, transform } from './scaler.ts';

const kinds: ScalerKind[] = ['standard', 'min-max', 'robust', 'max-abs', 'none'];

/** The largest difference, relative to the value where that is beyond 1. */
function difference(actual: ArrayLike<number>, expected: readonly number[]): number {
  expect(actual.length).toBe(expected.length);
  return Math.max(
    ...expected.map(
      (value, i) => Math.abs(actual[i] - value) / Math.max(1, Math.abs(value), Math.abs(actual[i])),
    ),
  );
}

const numbersOf = (scaler: Scaler) =>
  Object.values(scaler)
    .filter((part) => Array.isArray(part))
    .flat();

describe('fitScaler', () => {
  test('agrees with scikit-learn on the dataset to the last bit', () => {
    const { features } = generateDataset();
    for (const expected of reference.dataset.map((scaler) => scalerSchema.parse(scaler))) {
      expect(fitScaler(expected.kind, features)).toEqual(expected);
    }
  });

  test.each(reference.cases)('agrees with scikit-learn: $name', ({ rows, fitted }) => {
    const matrix = createMatrix(Float64Array.from(rows.flat()), rows[0].length);
    for (const { scaler, transformed } of fitted) {
      const expected = scalerSchema.parse(scaler);
      const ours = fitScaler(expected.kind, matrix);
      expect(difference(numbersOf(ours), numbersOf(expected))).toBeLessThan(1e-12);
      const scaled = transform(expected, matrix).values.subarray(0, transformed.flat().length);
      expect(difference(scaled, transformed.flat())).toBeLessThan(1e-12);
    }
  });

  test('fits the standard scaler, and none leaves the features unchanged', () => {
    const matrix = createMatrix(Float64Array.of(1, 10, 3, 10, 5, 10), 2);
    expect(fitScaler('standard', matrix)).toEqual(fitStandardScaler(matrix));
    expect(transform(fitScaler('none', matrix), matrix)).toEqual(matrix);
  });

  test.each(kinds)('shifts a constant column without stretching it: %s', (kind) => {
    const matrix = createMatrix(Float64Array.of(0, 0, 0), 1);
    const scaler = fitScaler(kind, matrix);
    expect(Array.from(transform(scaler, createMatrix(Float64Array.of(0, 1, -2), 1)).values)).toEqual([
      0, 1, -2,
    ]);
  });

  test.each(kinds)('does not depend on the order of the rows, but for rounding: %s', (kind) => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 }),
        (values) => {
          const [forth, back] = [values, values.toReversed()].map((column) =>
            fitScaler(kind, createMatrix(Float64Array.from(column), 1)),
          );
          if (kind !== 'none') expect(difference(numbersOf(forth), numbersOf(back))).toBeLessThan(1e-6);
          expect(scalerWidths(forth).every(({ width }) => width === 1)).toBe(true);
        },
      ),
    );
  });

  test('names the column that spans more than float64 can hold', () => {
    const matrix = createMatrix(Float64Array.of(0, -1.7e308, 1, 1.7e308), 2);
    for (const kind of ['standard', 'min-max', 'robust'] as const) {
      expect(() => fitScaler(kind, matrix)).toThrow(
        `column 1: its values are too large for the ${kind} scaler`,
      );
    }
  });

  test('does not change the rows it is fitted to', () => {
    const matrix = createMatrix(Float64Array.of(3, 1, 2), 1);
    for (const kind of kinds) fitScaler(kind, matrix);
    expect(Array.from(matrix.values)).toEqual([3, 1, 2]);
  });
});

describe('fitRobustScaler', () => {
  test('interpolates between two values by hand', () => {
    // Quartiles at the places 0.75 and 2.25 of 1, 2, 4, 8: 1.75 and 5.
    const matrix = createMatrix(Float64Array.of(8, 1, 4, 2), 1);
    expect(fitRobustScaler(matrix)).toEqual({ kind: 'robust', center: [3], scale: [3.25] });
  });
});

describe('createTransform', () => {
  test('clips with the clip option of the min-max scaler, as scikit-learn does', () => {
    const { scaler, rows, transformed } = reference.clipped;
    const transformRow = createTransform(scalerSchema.parse(scaler));
    const out = new Float64Array(2);
    const scaled = rows.flatMap((row) => {
      transformRow(row, 0, out);
      return Array.from(out);
    });
    expect(difference(scaled, transformed.flat())).toBeLessThan(1e-12);
    expect(Math.max(...scaled)).toBe(3);
  });
});

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
    const { scaler, sample, transformed } = standardReference.dataset;
    const fitted = fitStandardScaler(features);
    expect(fitted).toEqual(scaler);
    const scaled = transform(fitted, features).values;
    const rows = sample.map((row) => Array.from(scaled.subarray(row * 3, row * 3 + 3)));
    expect(rows).toEqual(transformed);
  });

  test.each(standardReference.cases)('agrees with scikit-learn: $name', ({ rows, scaler, transformed }) => {
    const matrix = createMatrix(Float64Array.from(rows.flat()), rows[0].length);
    const fitted = fitStandardScaler(matrix);
    expect(difference(fitted.mean, scaler.mean)).toBeLessThan(1e-12);
    expect(difference(fitted.variance, scaler.variance)).toBeLessThan(1e-12);
    expect(difference(fitted.scale, scaler.scale)).toBeLessThan(1e-12);
    expect(difference(transform(fitted, matrix).values, transformed.flat())).toBeLessThan(1e-12);
  });
});
