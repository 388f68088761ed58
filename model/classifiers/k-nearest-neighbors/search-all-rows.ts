import type { Matrix } from '../../matrix.ts';
import { power } from './minkowski.ts';
import { clearHeap, createNeighborHeap, pushNeighbor } from './neighbor-heap.ts';
import type { NeighborSearch, SearchOptions } from './search-kd-tree.ts';

/**
 * Looks at every row, in their order. scikit-learn's brute force expands ‖x − y‖² into products when p is 2, by BLAS,
 * and so tells some rows apart that are equally far, in a way that depends on the machine; here the differences are
 * squared. Nothing is allocated per row.
 */
export function createAllRowsSearch(
  { rows, columns, values }: Matrix,
  { neighbors, p }: Omit<SearchOptions, 'leafSize'>,
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
