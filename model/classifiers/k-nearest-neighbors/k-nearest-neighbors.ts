import { z } from 'zod';
import { lengthFaults, type PartFault } from '../part-fault.ts';

/**
 * - `p`: of the Minkowski metric; 2 is Euclidean, 1 is Manhattan
 * - `algorithm`, `leaf_size`: how scikit-learn searches, on which depends who is chosen of equally distant neighbours
 * - `samples`: row-major, n × d, scaled; `labels`: one per row
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
    error: 'expected at most as many neighbours as rows',
  });
export type KNearestNeighbors = z.infer<typeof kNearestNeighborsSchema>;

/** P(label 1) = the (weighted) share of label 1 among the nearest rows, as `KNeighborsClassifier.predict_proba`. */
export function createKNearestNeighbors(model: KNearestNeighbors, featureCount: number) {
  const { n_neighbors, weights, p } = model;
  const samples = Float64Array.from(model.samples);
  const labels = Uint8Array.from(model.labels);
  const distances = new Float64Array(n_neighbors);
  const nearest = new Int32Array(n_neighbors);

  return function predictProba(row: Float64Array): number {
    distances.fill(Number.POSITIVE_INFINITY);
    for (let i = 0, at = 0; i < labels.length; i++) {
      let distance = 0;
      for (let j = 0; j < featureCount; j++, at++) distance += Math.abs(row[j] - samples[at]) ** p;
      let place = n_neighbors - 1;
      if (!(distance < distances[place])) continue;
      for (; place > 0 && distance < distances[place - 1]; place--) {
        distances[place] = distances[place - 1];
        nearest[place] = nearest[place - 1];
      }
      distances[place] = distance;
      nearest[place] = i;
    }
    const isOn = weights === 'distance' && distances[0] === 0;
    let total = 0;
    let positive = 0;
    for (let k = 0; k < n_neighbors; k++) {
      const weight =
        weights === 'uniform' ? 1 : isOn ? Number(distances[k] === 0) : 1 / distances[k] ** (1 / p);
      total += weight;
      if (labels[nearest[k]] === 1) positive += weight;
    }
    return positive / total;
  };
}

export function kNearestNeighborsFaults(
  { samples, labels }: KNearestNeighbors,
  featureCount: number,
): PartFault[] {
  const expected = labels.length * featureCount;
  return lengthFaults(['samples'], {
    length: samples.length,
    expected,
    what: `${featureCount} per entry of labels`,
  });
}
