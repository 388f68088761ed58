import type { Matrix } from '../../matrix.ts';

/**
 * exp(−gamma · ‖row i − row t‖²) of one row with every row, made when first asked for and kept while there is room; the
 * one asked for longest ago makes room first. float32 halves the memory, and is how libsvm keeps them too.
 * libsvm expands the squared distance into products, and so loses digits on features that lie far from 0 for their
 * spread; here the differences are squared.
 *
 * @param maxBytes 200 MB, as scikit-learn's `cache_size`; there is always room for two rows
 */
export function createKernelRows(
  { rows, columns, values }: Matrix,
  gamma: number,
  maxBytes = 200e6,
): (i: number) => Float32Array {
  const capacity = Math.max(2, Math.floor(maxBytes / (rows * Float32Array.BYTES_PER_ELEMENT)));
  const kept = new Map<number, Float32Array>();

  function compute(i: number, out: Float32Array): void {
    for (let t = 0, at = 0; t < rows; t++) {
      let squares = 0;
      for (let j = 0; j < columns; j++, at++) {
        const difference = values[i * columns + j] - values[at];
        squares += difference * difference;
      }
      out[t] = Math.exp(-gamma * squares);
    }
  }

  return function kernelRow(i) {
    let row = kept.get(i);
    if (row !== undefined) {
      kept.delete(i);
    } else {
      row = roomFor(rows);
      compute(i, row);
    }
    kept.set(i, row);
    return row;
  };

  function roomFor(length: number): Float32Array {
    if (kept.size < capacity) return new Float32Array(length);
    const [oldest, row] = kept.entries().next().value ?? [-1, new Float32Array(length)];
    kept.delete(oldest);
    return row;
  }
}
