import { createRandom, shuffledIndices } from '../dataset/random.ts';
import type { Pipeline } from '../pipeline.ts';

/** The number of coalitions doubles with each feature: beyond, orders of joining are sampled. */
const maxExactFeatures = 10;

/** Limit on coalitions × background rows, which keeps an explanation within milliseconds. */
const maxScores = 2 ** 15;

/** Contributions have the unit of the score and sum to score − baseValue. */
export interface ShapleyValues {
  readonly score: number;
  readonly baseValue: number;
  readonly contributions: Float64Array;
  /** Of each contribution; only where they are estimated from a sample. */
  readonly standardErrors?: Float64Array;
  /** How many background readings were used, counted from the first. */
  readonly backgroundRows: number;
}

/**
 * Interventional Shapley values: exact for up to ten features, else estimated with a fixed seed.
 *
 * @param values one unscaled reading, length d
 * @param background unscaled readings of length d, at least one
 * @throws RangeError without a background reading
 */
export function shapleyValues(
  pipeline: Pipeline,
  values: ArrayLike<number>,
  background: readonly (readonly number[])[],
): ShapleyValues {
  if (background.length === 0) throw new RangeError('there is no background reading to explain against');
  const isExact = pipeline.featureNames.length <= maxExactFeatures;
  return (isExact ? exactValues : sampledValues)(pipeline, values, background);
}

/**
 * Exact interventional Shapley values (Shapley 1953; Štrumbelj and Kononenko, Knowledge and Information
 * Systems 41 (2014), 647–665; Janzing, Minorics and Blöbaum, AISTATS 2020). The value of a coalition is the
 * mean score of the background readings with the coalition's features taken from the explained reading. A
 * feature's contribution is the mean change of that value when the feature joins, over all orders of joining.
 * Features need not be independent.
 */
function exactValues(
  pipeline: Pipeline,
  values: ArrayLike<number>,
  background: readonly (readonly number[])[],
): ShapleyValues {
  const width = pipeline.featureNames.length;
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

const seed = 20_010_101;
/** Each sample is a random order and its reverse, which cancels much of the noise. */
const ordersPerSample = 2;

/**
 * Estimates of the same values from random orders in which the features join (Castro, Gómez and Tejada, Computers & Operations
 * Research 36 (2009), 1726–1730), each with its reverse (Mitchell, Cooper, Frank and Holmes, Journal of Machine Learning
 * Research 23 (2022), 43). Every background reading is used equally often, so that the contributions sum to score − baseValue.
 * Equal input gives equal output.
 */
function sampledValues(
  pipeline: Pipeline,
  values: ArrayLike<number>,
  background: readonly (readonly number[])[],
): ShapleyValues {
  const width = pipeline.featureNames.length;
  const samples = Math.max(1, Math.floor(maxScores / (ordersPerSample * (width + 1))));
  const rows = background.slice(0, samples);
  const rounds = Math.max(1, Math.floor(samples / rows.length));
  const random = createRandom(seed);
  const [sums, squares] = [new Float64Array(width), new Float64Array(width)];
  for (let round = 0; round < rounds; round++) {
    for (const row of rows) {
      const order = [...shuffledIndices(width, random)];
      const sample = new Float64Array(width);
      addJoiningChanges(pipeline, { values, row, order }, sample);
      addJoiningChanges(pipeline, { values, row, order: order.toReversed() }, sample);
      for (let j = 0; j < width; j++) {
        const change = sample[j] / ordersPerSample;
        sums[j] += change;
        squares[j] += change * change;
      }
    }
  }
  const count = rounds * rows.length;
  const variance = (j: number) => Math.max(0, squares[j] / count - (sums[j] / count) ** 2);
  return {
    score: pipeline.score(values),
    baseValue: rows.reduce((sum, row) => sum + pipeline.score(row), 0) / rows.length,
    contributions: sums.map((sum) => sum / count),
    standardErrors: sums.map((_, j) => Math.sqrt(variance(j) / Math.max(1, count - 1))),
    backgroundRows: rows.length,
  };
}

interface Joining {
  readonly values: ArrayLike<number>;
  readonly row: readonly number[];
  readonly order: readonly number[];
}

/** Adds to each feature how the score changes when it joins those before it in the order. */
function addJoiningChanges(pipeline: Pipeline, { values, row, order }: Joining, changes: Float64Array): void {
  const mixed = Float64Array.from(row);
  let before = pipeline.score(mixed);
  for (const feature of order) {
    mixed[feature] = values[feature];
    const after = pipeline.score(mixed);
    changes[feature] += after - before;
    before = after;
  }
}
