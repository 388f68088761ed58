import type { Matrix } from '../matrix.ts';
import type { Split } from './best-split.ts';

/** A node's place in every order of the rows. */
type Stretch = { readonly start: number; readonly end: number };

/**
 * The columns of a matrix as float32.
 *
 * @throws RangeError naming row and column of a value beyond the range of float32
 */
export function toFloat32Columns({ rows, columns, values }: Matrix): Float32Array[] {
  return Array.from({ length: columns }, (_, j) => {
    const column = Float32Array.from({ length: rows }, (_, i) => values[i * columns + j]);
    const wrong = column.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) {
      throw new RangeError(`row ${wrong}, column ${j}: ${values[wrong * columns + j]} is beyond float32`);
    }
    return column;
  });
}

/** Row indices by ascending value; equal values in the order of the rows. */
export function sortedRows(column: Float32Array): Int32Array {
  return Int32Array.from({ length: column.length }, (_, i) => i).sort(
    (a, b) => column[a] - column[b] || a - b,
  );
}

/** Moves the rows that go left to the front of the node's stretch of every order, keeping each order on both sides. */
export function createDivider(order: readonly Int32Array[], rowCount: number) {
  const goesLeft = new Uint8Array(rowCount);
  const rights = new Int32Array(order[0].length);
  return function divide({ feature, count }: Split, { start, end }: Stretch): void {
    const lefts = order[feature].slice(start, start + count);
    for (let i = 0; i < lefts.length; i++) goesLeft[lefts[i]] = 1;
    for (const rows of order) {
      let left = start;
      let right = 0;
      for (let i = start; i < end; i++) {
        if (goesLeft[rows[i]] === 1) rows[left++] = rows[i];
        else rights[right++] = rows[i];
      }
      rows.set(rights.subarray(0, right), left);
    }
    for (let i = 0; i < lefts.length; i++) goesLeft[lefts[i]] = 0;
  };
}
