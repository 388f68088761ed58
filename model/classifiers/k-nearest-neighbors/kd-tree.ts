import { type Matrix, selectRows } from '../../matrix.ts';
import {
  clearHeap,
  createNeighborHeap,
  type NeighborHeap,
  type NeighborSearch,
  power,
  pushNeighbor,
  type SearchOptions,
} from './neighbor-search.ts';
import { nthElement } from './nth-element.ts';

/**
 * State of a search. Hot functions take it as one argument: closures over its parts ran at half the speed.
 */
interface KdSearch extends KdTree {
  readonly p: number;
  readonly heap: NeighborHeap;
  /** A stack of the nodes still to visit, with the reduced distance from the row to each node's box. */
  readonly waiting: { readonly nodes: Int32Array; readonly gaps: Float64Array };
}

/** Deeper than any tree of up to 2³¹ rows. */
const maxDepth = 32;

/**
 * Depth-first search that visits the nearer child first, or the left one where both are equally near: the
 * order of `_query_single_depthfirst` in sklearn/neighbors/_binary_tree.pxi, scikit-learn 1.2.1, because it
 * decides ties. A node is skipped where its box is farther than the farthest neighbor. Does not allocate per
 * row.
 */
export function createKdTreeSearch(tree: KdTree, { neighbors, p }: SearchOptions): NeighborSearch {
  const search: KdSearch = {
    ...tree,
    p,
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

/**
 * A complete binary tree in heap order: the children of node i are 2i + 1 and 2i + 2, and the last `leaves`
 * nodes are the leaves.
 *
 * - `order`: row indices; the rows of a node are `order[starts[node] … ends[node] − 1]`
 * - `lower`, `upper`: the bounding box of each node's rows, row-major nodes × columns
 * - `points`: the rows in this order, so that those of a leaf are contiguous; row-major
 */
export interface KdTree {
  readonly columns: number;
  readonly order: Int32Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly points: Float64Array;
  readonly leaves: number;
}

type GrowingTree = Omit<KdTree, 'points'>;

/**
 * Builds the tree of scikit-learn 1.2.1 (sklearn/neighbors/_binary_tree.pxi, _kd_tree.pyx), with the same
 * rows in the same order in each leaf. A node is split at the median of its widest column (of equally wide
 * columns, the lowest); rows of equal value are ordered by index.
 *
 * @param leafSize a leaf has this many rows, or up to twice as many
 */
export function createKdTree(samples: Matrix, leafSize: number): KdTree {
  const leaves = countLeaves(samples.rows, leafSize);
  const nodes = 2 * leaves - 1;
  const tree: GrowingTree = {
    columns: samples.columns,
    order: Int32Array.from({ length: samples.rows }, (_, i) => i),
    starts: new Int32Array(nodes),
    ends: new Int32Array(nodes),
    lower: new Float64Array(nodes * samples.columns).fill(Number.POSITIVE_INFINITY),
    upper: new Float64Array(nodes * samples.columns).fill(Number.NEGATIVE_INFINITY),
    leaves,
  };
  tree.ends[0] = samples.rows;
  for (let node = 0; node < nodes; node++) {
    measureBox(tree, samples, node);
    if (node < nodes - leaves) splitNode(tree, samples, node);
  }
  return { ...tree, points: selectRows(samples, tree.order).values };
}

/** The largest power of two with leaves · leafSize ≤ rows − 1, or 1, as in scikit-learn. */
function countLeaves(rows: number, leafSize: number): number {
  let leaves = 1;
  while (2 * leaves * leafSize <= rows - 1) leaves *= 2;
  return leaves;
}

function measureBox({ order, starts, ends, lower, upper }: GrowingTree, samples: Matrix, node: number): void {
  const { columns, values } = samples;
  for (let i = starts[node]; i < ends[node]; i++) {
    for (let j = 0; j < columns; j++) {
      const value = values[order[i] * columns + j];
      const side = node * columns + j;
      if (value < lower[side]) lower[side] = value;
      if (value > upper[side]) upper[side] = value;
    }
  }
}

function splitNode(tree: GrowingTree, samples: Matrix, node: number): void {
  const { order, starts, ends } = tree;
  const { columns, values } = samples;
  const column = widestColumn(tree, node);
  const [start, end] = [starts[node], ends[node]];
  const middle = start + ((end - start) >> 1);
  nthElement({ entries: order, start, end }, middle, (a, b) => {
    const difference = values[a * columns + column] - values[b * columns + column];
    return difference === 0 ? a < b : difference < 0;
  });
  starts[2 * node + 1] = start;
  ends[2 * node + 1] = middle;
  starts[2 * node + 2] = middle;
  ends[2 * node + 2] = end;
}

function widestColumn({ lower, upper, columns }: GrowingTree, node: number): number {
  let widest = 0;
  let width = 0;
  for (let j = 0; j < columns; j++) {
    const spread = upper[node * columns + j] - lower[node * columns + j];
    if (spread <= width) continue;
    widest = j;
    width = spread;
  }
  return widest;
}
