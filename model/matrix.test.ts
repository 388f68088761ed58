import { describe, expect, test } from 'vitest';
import { createMatrix, rowOf, selectRows } from './matrix.ts';

describe('createMatrix', () => {
  test('counts the rows', () => {
    expect(createMatrix(Float64Array.of(1, 2, 3, 4, 5, 6), 3)).toMatchObject({ rows: 2, columns: 3 });
  });

  test('names the row and the column of a value that is not finite', () => {
    expect(() => createMatrix(Float64Array.of(1, 2, 3, Number.NaN), 2)).toThrow('row 1, column 1: NaN');
  });

  test.each([0, 65, 1.5])('refuses %d columns', (columns) => {
    expect(() => createMatrix(new Float64Array(130), columns)).toThrow('expected 1 to 64 columns');
  });

  test.each([0, 5])('refuses %d values for rows of two', (length) => {
    expect(() => createMatrix(new Float64Array(length), 2)).toThrow('are not a whole number of rows');
  });
});

describe('selectRows', () => {
  test('copies rows in the given order', () => {
    const selected = selectRows(createMatrix(Float64Array.of(1, 2, 3, 4, 5, 6), 2), [2, 0]);
    expect(selected).toEqual({ rows: 2, columns: 2, values: Float64Array.of(5, 6, 1, 2) });
    expect(Array.from(rowOf(selected, 1))).toEqual([1, 2]);
  });
});
