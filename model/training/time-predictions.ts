import { type Matrix, rowOf } from '../matrix.ts';
import type { Pipeline } from '../pipeline.ts';

const leastMs = 100;
const maxPasses = 10_000;

/**
 * Microseconds that one prediction takes on the mean, row by row, scaling included; after a first pass that is not
 * counted, as long as a tenth of a second.
 *
 * @param clock milliseconds, from any beginning
 */
export function timePredictions(pipeline: Pipeline, features: Matrix, clock: () => number): number {
  const pass = () => {
    for (let i = 0; i < features.rows; i++) pipeline.score(rowOf(features, i));
  };
  pass();
  const start = clock();
  let passes = 0;
  do {
    pass();
    passes++;
  } while (clock() - start < leastMs && passes < maxPasses);
  return ((clock() - start) * 1000) / (passes * features.rows);
}
