/** A float64 matrix in row-major order: row i, column j is `values[i * columns + j]`. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

export const maxFeatures = 64;

/**
 * Checks shape and finiteness once, so that numeric loops need no checks.
 *
 * @param values row-major n × d
 * @param columns d
 * @throws RangeError when there are no rows, not 1–64 columns, or a value is not finite
 */
export function createMatrix(values: Float64Array, columns: number): Matrix {
  const rows = values.length / columns;
  if (!Number.isInteger(columns) || columns < 1 || columns > maxFeatures) {
    throw new RangeError(`expected 1 to ${maxFeatures} columns, got ${columns}`);
  }
  if (!Number.isInteger(rows) || rows < 1) {
    throw new RangeError(`${values.length} values are not a whole number of rows of ${columns} columns`);
  }
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    throw new RangeError(
      `row ${Math.floor(wrong / columns)}, column ${wrong % columns}: ${values[wrong]} is not a finite number`,
    );
  }
  return { rows, columns, values };
}

/** A copy of the rows at the given indices, in that order. */
export function selectRows({ columns, values }: Matrix, indices: ArrayLike<number>): Matrix {
  const selected = new Float64Array(indices.length * columns);
  for (let i = 0; i < indices.length; i++) {
    const start = indices[i] * columns;
    selected.set(values.subarray(start, start + columns), i * columns);
  }
  return { rows: indices.length, columns, values: selected };
}

/** A view of row `index`, without a copy. */
export function rowOf({ columns, values }: Matrix, index: number): Float64Array {
  return values.subarray(index * columns, (index + 1) * columns);
}
