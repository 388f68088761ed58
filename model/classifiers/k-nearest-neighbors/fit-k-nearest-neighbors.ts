import { z } from 'zod';
import type { Matrix } from '../../matrix.ts';
import { checkLabels } from '../check-labels.ts';
import type { KNearestNeighbors } from './k-nearest-neighbors.ts';

/** Names and defaults of scikit-learn's KNeighborsClassifier. */
export const kNearestNeighborsParametersSchema = z.strictObject({
  n_neighbors: z.int().min(1).default(5),
  weights: z.enum(['uniform', 'distance']).default('uniform'),
  p: z.number().min(1).default(2),
  leaf_size: z.int().min(1).default(30),
});
export type KNearestNeighborsParameters = z.infer<typeof kNearestNeighborsParametersSchema>;

/** More columns than this are searched row by row: `NeighborsBase._fit` in sklearn/neighbors/_base.py, 1.2.1. */
const maxTreeColumns = 15;

/**
 * Keeps the rows, and chooses how they are searched as `KNeighborsClassifier(algorithm='auto')` does.
 *
 * @param matrix scaled features
 * @param labels one 0 or 1 per row, both of them present
 * @throws RangeError when labels and rows disagree in number, there is one class only, or more neighbours than rows
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
