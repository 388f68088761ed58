import { describe, expect, test } from 'vitest';
import { createMatrix } from '../../matrix.ts';
import { createKernelRows } from './solve-dual.ts';

const matrix = createMatrix(Float64Array.of(0, 0, 1, 0, 0, 2, 3, 3), 2);

describe('createKernelRows', () => {
  test('is exp(−gamma · squared distance) to every row', () => {
    const expected = [0.5, 0, 2.5, 6.5].map((exponent) => Math.fround(Math.exp(-exponent)));
    expect(Array.from(createKernelRows(matrix, 0.5)(1))).toEqual(expected);
  });

  test('recomputes an evicted row', () => {
    const [all, few] = [createKernelRows(matrix, 1), createKernelRows(matrix, 1, 0)];
    for (const i of [0, 1, 2, 3, 0, 2, 2, 1]) expect(Array.from(few(i))).toEqual(Array.from(all(i)));
  });

  test('keeps the last row while it computes the next one', () => {
    const kernelRow = createKernelRows(matrix, 1, 0);
    for (const first of [0, 1, 2]) {
      const row = kernelRow(first);
      const copy = Array.from(row);
      kernelRow(3);
      expect(Array.from(row)).toEqual(copy);
    }
  });
});
