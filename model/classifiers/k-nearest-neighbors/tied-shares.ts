import type { KNearestNeighbors } from './k-nearest-neighbors.ts';
import { power, root } from './neighbor-search.ts';

/** scikit-learn's brute force computes ‖x − y‖² from ‖x‖², x · y and ‖y‖², so that rounding errors are relative to these. */
const relativeRounding = 1e-12;

/**
 * The smallest and the largest P(label 1) that the row can get, where several training rows are equally far
 * at the border of the nearest ones, and the algorithm may take any of them.
 *
 * @param row scaled
 * @returns undefined where the nearest rows are unique
 */
export function tiedShares(model: KNearestNeighbors, row: Float64Array): [number, number] | undefined {
  const { n_neighbors, labels, weights, p } = model;
  const { distances, rounding } = listDistances(model, row);
  const sorted = distances.toSorted();
  const border = sorted[n_neighbors - 1];
  if (sorted.length === n_neighbors || sorted[n_neighbors] - border > rounding) return undefined;
  if (weights === 'distance' && sorted[0] <= rounding) return border <= rounding ? [0, 1] : undefined;
  const weightOf = (distance: number) => (weights === 'uniform' ? 1 : 1 / root(distance, p));
  const sums = [0, 0];
  const tied = [0, 0];
  for (const [i, distance] of distances.entries()) {
    if (Math.abs(distance - border) <= rounding) tied[labels[i]]++;
    else if (distance < border) sums[labels[i]] += weightOf(distance);
  }
  const open = n_neighbors - distances.filter((distance) => distance < border - rounding).length;
  const weight = weightOf(border);
  const shareOf = (ones: number) => (sums[1] + ones * weight) / (sums[0] + sums[1] + open * weight);
  return [shareOf(Math.max(0, open - tied[0])), shareOf(Math.min(open, tied[1]))];
}

/** Distances without their root, and by how much equal ones may differ. */
function listDistances({ samples, labels, p }: KNearestNeighbors, row: Float64Array) {
  let largest = 0;
  const distances = Float64Array.from(labels, (_, i) => {
    let [distance, norms] = [0, 0];
    for (let j = 0; j < row.length; j++) {
      const value = samples[i * row.length + j];
      distance += power(row[j] - value, p);
      norms += power(row[j], p) + power(value, p);
    }
    largest = Math.max(largest, norms);
    return distance;
  });
  return { distances, rounding: largest * relativeRounding };
}
