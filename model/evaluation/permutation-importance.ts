import type { LabeledRows } from '../dataset/dataset.ts';
import { createRandom, shuffledIndices } from '../dataset/random.ts';
import type { Pipeline } from '../pipeline.ts';
import { meanAndSd } from './evaluate.ts';

/** Loss of accuracy: mean and population standard deviation over the repeats. */
export interface Importance {
  readonly mean: number;
  readonly sd: number;
}

/**
 * The loss of accuracy when the values of one feature are shuffled between rows (Breiman, Machine Learning 45
 * (2001), 5–32; `permutation_importance` in sklearn/inspection/_permutation_importance.py). Correlated
 * features can replace each other, so each of them may seem unimportant.
 *
 * @param features unscaled rows that the model was not fitted on
 * @returns one entry per feature
 */
export function permutationImportance(
  pipeline: Pipeline,
  { features, labels }: LabeledRows,
  { seed, repeats = 5 }: { seed: number; repeats?: number },
): Importance[] {
  const random = createRandom(seed);
  const { rows, columns, values } = features;
  const scores = new Float64Array(rows);
  const shuffled = Float64Array.from(values);

  function accuracy(): number {
    pipeline.scoreBatch(shuffled, scores);
    let right = 0;
    for (let i = 0; i < rows; i++) if (pipeline.toPrediction(scores[i]) === labels[i]) right++;
    return right / rows;
  }

  const whole = accuracy();
  return Array.from({ length: columns }, (_, column) => {
    const losses = Array.from({ length: repeats }, () => {
      const order = shuffledIndices(rows, random);
      for (let i = 0; i < rows; i++) shuffled[i * columns + column] = values[order[i] * columns + column];
      return whole - accuracy();
    });
    for (let i = column; i < values.length; i += columns) shuffled[i] = values[i];
    return meanAndSd(losses);
  });
}
