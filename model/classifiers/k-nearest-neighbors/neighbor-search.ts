import type { Matrix } from '../../matrix.ts';

/** `p` is the exponent of the Minkowski metric. */
export interface SearchOptions {
  readonly neighbors: number;
  readonly p: number;
}

/**
 * Returns the neighbors of a row in one heap that every call refills. Its distances are reduced (see
 * `power`).
 */
export type NeighborSearch = (row: Float64Array) => NeighborHeap;

/**
 * Brute force: compares the row with every sample, in order. For p = 2, scikit-learn's brute force expands ‖x
 * − y‖² into BLAS products, which breaks ties by rounding errors that depend on the machine; here the
 * differences are squared. Does not allocate per row.
 */
export function createAllRowsSearch(
  { rows, columns, values }: Matrix,
  { neighbors, p }: SearchOptions,
): NeighborSearch {
  const heap = createNeighborHeap(neighbors);
  return function search(row) {
    clearHeap(heap);
    for (let i = 0, at = 0; i < rows; i++) {
      let distance = 0;
      for (let j = 0; j < columns; j++, at++) distance += power(row[j] - values[at], p);
      pushNeighbor(heap, distance, i);
    }
    return heap;
  };
}

/**
 * The nearest rows found so far: a max-heap on `distances` with `indices` beside it, so that the farthest row
 * is the root. Unused places have an infinite distance.
 */
export interface NeighborHeap {
  readonly distances: Float64Array;
  readonly indices: Int32Array;
}

export function createNeighborHeap(size: number): NeighborHeap {
  return { distances: new Float64Array(size), indices: new Int32Array(size) };
}

export function clearHeap({ distances }: NeighborHeap): void {
  distances.fill(Number.POSITIVE_INFINITY);
}

/**
 * Replaces the root if the row is nearer. A row as far as the root is not taken. The order of the heap
 * decides ties, so the steps are those of `heap_push` in sklearn/utils/_heap.pyx, scikit-learn 1.2.1.
 */
export function pushNeighbor(heap: NeighborHeap, distance: number, index: number): void {
  if (distance >= heap.distances[0]) return;
  heap.distances[0] = distance;
  heap.indices[0] = index;
  sinkRoot(heap, heap.distances.length);
}

/** Sorts the heap in place, nearest first (heapsort). Afterwards it is no longer a heap. */
export function sortNeighbors(heap: NeighborHeap): void {
  const { distances, indices } = heap;
  for (let last = distances.length - 1; last > 0; last--) {
    const distance = distances[last];
    const index = indices[last];
    distances[last] = distances[0];
    indices[last] = indices[0];
    distances[0] = distance;
    indices[0] = index;
    sinkRoot(heap, last);
  }
}

/** Restores the heap in the first `size` places. Of two equally distant children the left one moves up. */
function sinkRoot({ distances, indices }: NeighborHeap, size: number): void {
  const distance = distances[0];
  const index = indices[0];
  let place = 0;
  for (let left = 1; left < size; left = 2 * place + 1) {
    const right = left + 1;
    const child = right < size && distances[right] > distances[left] ? right : left;
    if (distance >= distances[child]) break;
    distances[place] = distances[child];
    indices[place] = indices[child];
    place = child;
  }
  distances[place] = distance;
  indices[place] = index;
}

/**
 * |difference|ᵖ. Its sum over the columns is the reduced distance, which ranks rows as the Minkowski distance
 * does and saves the root. Terms are rounded as in scikit-learn (sklearn/metrics/_dist_metrics.pyx, 1.2.1),
 * so that ties are the same; for p other than 1 and 2, up to the last bit of the platform's power function.
 */
export function power(difference: number, p: number): number {
  if (p === 2) return difference * difference;
  return p === 1 ? Math.abs(difference) : Math.abs(difference) ** p;
}

/** The Minkowski distance of a reduced distance. */
export function root(reduced: number, p: number): number {
  if (p === 2) return Math.sqrt(reduced);
  return p === 1 ? reduced : reduced ** (1 / p);
}
