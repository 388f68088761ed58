import { type Matrix, selectRows } from '../../matrix.ts';
import { createKdTree, type KdTree } from './kd-tree.ts';
import { power } from './minkowski.ts';
import { clearHeap, createNeighborHeap, type NeighborHeap, pushNeighbor } from './neighbor-heap.ts';

export type SearchOptions = { readonly neighbors: number; readonly p: number; readonly leafSize: number };

/** The heap is the same one for every row, filled anew; its distances are reduced. */
export type NeighborSearch = (row: Float64Array) => NeighborHeap;

/** What a search reads and fills. Hot functions take it whole: closures over its parts ran at half the speed. */
type KdSearch = KdTree & {
  readonly columns: number;
  readonly p: number;
  /** The samples in the tree's order, so that a leaf's rows lie side by side. */
  readonly points: Float64Array;
  readonly heap: NeighborHeap;
  /** Nodes still to be looked at, the next one last, with the reduced distance from the row to their boxes. */
  readonly waiting: { readonly nodes: Int32Array; readonly gaps: Float64Array };
};

/** A tree of 2³¹ rows is not as deep. */
const maxDepth = 32;

/**
 * Depth first, the nearer child before the other one and the left one first where both are equally near: the order of
 * `_query_single_depthfirst` in sklearn/neighbors/_binary_tree.pxi, scikit-learn 1.2.1, since that decides who stays in
 * the heap of rows equally far. A node's box that is farther than the farthest neighbour is left out. Nothing is
 * allocated per row.
 */
export function createKdTreeSearch(
  samples: Matrix,
  { neighbors, p, leafSize }: SearchOptions,
): NeighborSearch {
  const tree = createKdTree(samples, leafSize);
  const search: KdSearch = {
    ...tree,
    columns: samples.columns,
    p,
    points: selectRows(samples, tree.order).values,
    heap: createNeighborHeap(neighbors),
    waiting: { nodes: new Int32Array(maxDepth), gaps: new Float64Array(maxDepth) },
  };
  return (row) => searchFrom(search, row);
}

function searchFrom(search: KdSearch, row: Float64Array): NeighborHeap {
  const { heap, leaves, waiting } = search;
  const { nodes, gaps } = waiting;
  clearHeap(heap);
  nodes[0] = 0;
  gaps[0] = 0;
  for (let last = 0; last >= 0; ) {
    const node = nodes[last];
    if (gaps[last] > heap.distances[0]) {
      last--;
    } else if (node >= leaves - 1) {
      scanLeaf(search, node, row);
      last--;
    } else {
      const left = 2 * node + 1;
      const right = left + 1;
      const leftGap = gapTo(search, left, row);
      const rightGap = gapTo(search, right, row);
      const isLeftFirst = leftGap <= rightGap;
      nodes[last] = isLeftFirst ? right : left;
      gaps[last] = isLeftFirst ? rightGap : leftGap;
      last++;
      nodes[last] = isLeftFirst ? left : right;
      gaps[last] = isLeftFirst ? leftGap : rightGap;
    }
  }
  return heap;
}

/** The reduced distance from the row to the nearest point of the node's box. */
function gapTo({ columns, p, lower, upper }: KdSearch, node: number, row: Float64Array): number {
  let gap = 0;
  for (let j = 0, side = node * columns; j < columns; j++, side++) {
    const value = row[j];
    if (value < lower[side]) gap += power(lower[side] - value, p);
    else if (value > upper[side]) gap += power(value - upper[side], p);
  }
  return gap;
}

function scanLeaf(search: KdSearch, leaf: number, row: Float64Array): void {
  const { columns, p, points, order, heap } = search;
  const end = search.ends[leaf];
  for (let i = search.starts[leaf], at = i * columns; i < end; i++) {
    let distance = 0;
    for (let j = 0; j < columns; j++, at++) distance += power(row[j] - points[at], p);
    pushNeighbor(heap, distance, order[i]);
  }
}
