import { z } from 'zod';
import type { Matrix } from '../../matrix.ts';
import { checkLabels } from '../binary-classifier.ts';
import { createKdTree, createKdTreeSearch, type KdTree } from './kd-tree.ts';
import type { NeighborSearch } from './neighbor-search.ts';
import { createAllRowsSearch, type NeighborHeap, root, sortNeighbors } from './neighbor-search.ts';

/**
 * - `p`: exponent of the Minkowski metric; 2 is Euclidean, 1 is Manhattan
 * - `algorithm`, `leaf_size`: scikit-learn's search, which decides which of several equally distant neighbors
 *   are chosen
 * - `samples`: scaled training rows, row-major n × d; `labels`: one per row
 */
export const kNearestNeighborsSchema = z
  .strictObject({
    family: z.literal('k-nearest-neighbors'),
    n_neighbors: z.int().positive(),
    weights: z.enum(['uniform', 'distance']),
    p: z.number().min(1),
    algorithm: z.enum(['kd_tree', 'brute']),
    leaf_size: z.int().positive(),
    samples: z.array(z.number()),
    labels: z.array(z.union([z.literal(0), z.literal(1)])).min(1),
  })
  .refine(({ n_neighbors, labels }) => n_neighbors <= labels.length, {
    path: ['n_neighbors'],
    error: 'expected at most as many neighbors as rows',
  });
export type KNearestNeighbors = z.infer<typeof kNearestNeighborsSchema>;

/** `rows` are the training rows: a tree for the algorithm `kd_tree`, else as they are. */
export interface PreparedNeighbors
  extends Pick<KNearestNeighbors, 'family' | 'n_neighbors' | 'weights' | 'p'> {
  readonly rows: KdTree | Matrix;
  readonly labels: Uint8Array;
}

export function prepareKNearestNeighbors(model: KNearestNeighbors, featureCount: number): PreparedNeighbors {
  const { family, n_neighbors, weights, p, algorithm, leaf_size } = model;
  const labels = Uint8Array.from(model.labels);
  const samples = { rows: labels.length, columns: featureCount, values: Float64Array.from(model.samples) };
  const rows = algorithm === 'kd_tree' ? createKdTree(samples, leaf_size) : samples;
  return { family, n_neighbors, weights, p, rows, labels };
}

/**
 * P(label 1) = the (weighted) share of label 1 among the nearest training rows, as
 * `KNeighborsClassifier.predict_proba` of scikit-learn 1.2.1 (sklearn/neighbors/_classification.py). Does not
 * allocate per row.
 *
 * @throws RangeError, from the returned function, when a distance overflows float64
 */
export function createKNearestNeighbors(model: PreparedNeighbors): (row: Float64Array) => number {
  const { weights, p, labels } = model;
  const search = createNeighborSearch(model);
  const share =
    weights === 'uniform'
      ? (heap: NeighborHeap) => uniformShare(heap, labels)
      : createDistanceShare(p, labels);

  return function predictProba(row) {
    const heap = search(row);
    if (heap.distances[0] === Number.POSITIVE_INFINITY) {
      throw new RangeError('the distance to the training rows overflows float64');
    }
    return share(heap);
  };
}

/** Finds the nearest training rows of a row, as indices into `samples`. */
export function createNeighborSearch({ n_neighbors, p, rows }: PreparedNeighbors): NeighborSearch {
  const options = { neighbors: n_neighbors, p };
  return 'leaves' in rows ? createKdTreeSearch(rows, options) : createAllRowsSearch(rows, options);
}

function uniformShare({ indices }: NeighborHeap, labels: Uint8Array): number {
  let positive = 0;
  for (let k = 0; k < indices.length; k++) positive += labels[indices[k]];
  return positive / indices.length;
}

/**
 * Each neighbor has the weight 1 / distance, summed per class from the nearest on. Where a neighbor is at
 * distance 0, so that its weight is infinite, only such neighbors vote, with equal weights.
 */
function createDistanceShare(p: number, labels: Uint8Array) {
  return function distanceShare(heap: NeighborHeap): number {
    const { distances, indices } = heap;
    sortNeighbors(heap);
    const isCoincident = 1 / root(distances[0], p) === Number.POSITIVE_INFINITY;
    let negative = 0;
    let positive = 0;
    for (let k = 0; k < indices.length; k++) {
      const inverse = 1 / root(distances[k], p);
      const weight = isCoincident ? Number(inverse === Number.POSITIVE_INFINITY) : inverse;
      if (labels[indices[k]] === 1) positive += weight;
      else negative += weight;
    }
    return positive / (negative + positive);
  };
}

/** Names and defaults are those of scikit-learn's KNeighborsClassifier. */
export const kNearestNeighborsParametersSchema = z.strictObject({
  n_neighbors: z.int().min(1).default(5),
  weights: z.enum(['uniform', 'distance']).default('uniform'),
  p: z.number().min(1).default(2),
  leaf_size: z.int().min(1).default(30),
});
export type KNearestNeighborsParameters = z.infer<typeof kNearestNeighborsParametersSchema>;

/**
 * With more columns the search is brute force: `NeighborsBase._fit` in sklearn/neighbors/_base.py, version
 * 1.2.1.
 */
const maxTreeColumns = 15;

/**
 * Stores the rows, and chooses the search as `KNeighborsClassifier(algorithm='auto')` does.
 *
 * @param matrix scaled features, n × d
 * @param labels one 0 or 1 per row; both occur
 * @throws RangeError when labels do not match the rows, only one class occurs, or there are fewer rows than
 *   neighbors
 * @throws ZodError when a parameter is out of range
 */
export function fitKNearestNeighbors(
  matrix: Matrix,
  labels: Uint8Array,
  parameters: Partial<KNearestNeighborsParameters> = {},
): KNearestNeighbors {
  checkLabels(matrix, labels);
  const settings = kNearestNeighborsParametersSchema.parse(parameters);
  const { n_neighbors } = settings;
  if (n_neighbors > matrix.rows) {
    throw new RangeError(`n_neighbors ${n_neighbors}: expected at most ${matrix.rows}, the number of rows`);
  }
  const isSmall = n_neighbors >= Math.floor(matrix.rows / 2);
  return {
    family: 'k-nearest-neighbors',
    ...settings,
    algorithm: isSmall || matrix.columns > maxTreeColumns ? 'brute' : 'kd_tree',
    samples: Array.from(matrix.values),
    labels: Array.from(labels, (label) => (label === 1 ? 1 : 0)),
  };
}
