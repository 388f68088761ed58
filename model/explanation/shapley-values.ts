import type { Pipeline } from '../pipeline.ts';

/** The number of coalitions doubles with each feature. */
const maxExplainedFeatures = 10;

/** Limit on coalitions × background rows, which keeps an explanation within milliseconds. */
const maxScores = 2 ** 15;

/** Contributions have the unit of the score and sum to score − baseValue. */
export interface ShapleyValues {
  readonly score: number;
  readonly baseValue: number;
  readonly contributions: Float64Array;
  /** How many background readings were used, counted from the first. */
  readonly backgroundRows: number;
}

/**
 * Exact interventional Shapley values (Shapley 1953; Štrumbelj and Kononenko, Knowledge and Information
 * Systems 41 (2014), 647–665; Janzing, Minorics and Blöbaum, AISTATS 2020). The value of a coalition is the
 * mean score of the background readings with the coalition's features taken from the explained reading. A
 * feature's contribution is the mean change of that value when the feature joins, over all orders of joining.
 * Features need not be independent.
 *
 * @param values one unscaled reading, length d
 * @param background unscaled readings of length d, at least one
 * @throws RangeError for more than 10 features, or without a background reading
 */
export function shapleyValues(
  pipeline: Pipeline,
  values: ArrayLike<number>,
  background: readonly (readonly number[])[],
): ShapleyValues {
  const width = pipeline.featureNames.length;
  if (width > maxExplainedFeatures) {
    throw new RangeError(`${width} features: an explanation is possible for at most ${maxExplainedFeatures}`);
  }
  if (background.length === 0) throw new RangeError('there is no background reading to explain against');
  const rows = background.slice(0, Math.max(1, Math.floor(maxScores / 2 ** width)));
  const worth = worthOfCoalitions(pipeline, values, rows);
  const weights = joiningWeights(width);
  const contributions = Float64Array.from({ length: width }, (_, feature) => {
    const member = 1 << feature;
    let sum = 0;
    for (let others = 0; others < worth.length; others++) {
      if ((others & member) === 0) sum += weights[sizeOf(others)] * (worth[others | member] - worth[others]);
    }
    return sum;
  });
  return {
    score: worth[worth.length - 1],
    baseValue: worth[0],
    contributions,
    backgroundRows: rows.length,
  };
}

/**
 * Entry c is the mean score with the features in the bits of c taken from the reading, the others from the
 * background.
 */
function worthOfCoalitions(
  pipeline: Pipeline,
  values: ArrayLike<number>,
  rows: readonly (readonly number[])[],
): Float64Array {
  const width = pipeline.featureNames.length;
  const mixed = new Float64Array(width);
  const worth = new Float64Array(2 ** width);
  const everyone = worth.length - 1;
  for (let coalition = 0; coalition < everyone; coalition++) {
    let sum = 0;
    for (const row of rows) {
      for (let j = 0; j < width; j++) mixed[j] = (coalition >> j) & 1 ? values[j] : row[j];
      sum += pipeline.score(mixed);
    }
    worth[coalition] = sum / rows.length;
  }
  worth[everyone] = pipeline.score(values);
  return worth;
}

/**
 * Entry s is the probability that, in a random order, exactly a given set of s features precedes another one:
 * s!(d − s − 1)!/d!.
 */
function joiningWeights(width: number): Float64Array {
  const weights = new Float64Array(width);
  weights[0] = 1 / width;
  for (let size = 1; size < width; size++) weights[size] = (weights[size - 1] * size) / (width - size);
  return weights;
}

function sizeOf(coalition: number): number {
  let size = 0;
  for (let rest = coalition; rest !== 0; rest &= rest - 1) size++;
  return size;
}
