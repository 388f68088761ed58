import type { Matrix } from '../matrix.ts';

/**
 * What `measure` says of each column.
 *
 * @param measure is given a copy, which it may change
 */
export function measureColumns<T>(
  { rows, columns, values }: Matrix,
  measure: (column: Float64Array) => T,
): T[] {
  return Array.from({ length: columns }, (_, j) =>
    measure(Float64Array.from({ length: rows }, (_, i) => values[i * columns + j])),
  );
}
