import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { toCsv } from '../dataset/dataset.ts';
import { generateDataset } from '../dataset/generate-dataset.ts';
import { createMatrix, type Matrix, rowOf } from '../matrix.ts';
import { createPipeline } from '../pipeline.ts';
import reference from '../reference/gradient-boosting.json' with { type: 'json' };
import { standardScalerSchema, transform } from '../scalers/scaler.ts';
import { compareSplits } from '../trees/testing/compare-splits.ts';
import { expit } from './binary-classifier.ts';
import {
  createGradientBoosting,
  fitGradientBoosting,
  type GradientBoosting,
  gradientBoostingSchema,
  negativeGradient,
  newtonLeafValues,
  prepareGradientBoosting,
  priorLogOdds,
} from './gradient-boosting.ts';

const scaler = standardScalerSchema.parse(reference.scaler);
const theirs = gradientBoostingSchema.parse(reference.classifier);
const { features, labels } = generateDataset();
const scaled = transform(scaler, features);

function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  return Array.from(expected).reduce(
    (largest, value, i) => Math.max(largest, Math.abs(actual[i] - value)),
    0,
  );
}

function scoresOf(classifier: GradientBoosting, matrix: Matrix): number[] {
  const predictProba = createGradientBoosting(prepareGradientBoosting(classifier), matrix.columns);
  return Array.from({ length: matrix.rows }, (_, i) => predictProba(rowOf(matrix, i)));
}

describe('createGradientBoosting', () => {
  test('scores 500 readings as scikit-learn does', () => {
    const names = ['temperature', 'humidity', 'sound_volume'];
    const pipeline = createPipeline({
      name: 'reference',
      features: names.map((name) => ({ name, unit: '' })),
      scaler,
      classifier: theirs,
      threshold: 0.5,
    });
    const scores = pipeline.scoreBatch(Float64Array.from(reference.rows.flat()));
    expect(scores.length).toBe(500);
    expect(largestDifference(scores, reference.scores)).toBeLessThan(1e-12);
    expect(Array.from(scores, pipeline.toPrediction)).toEqual(reference.predictions);
  });

  test('scores 500 rows on thresholds and on float32 ties as scikit-learn does', () => {
    const scores = scoresOf(theirs, createMatrix(Float64Array.from(reference.scaled_rows.flat()), 3));
    expect(scores.length).toBe(500);
    expect(largestDifference(scores, reference.scaled_scores)).toBeLessThan(1e-12);
    expect(scores.map((score) => Number(score > 0.5))).toEqual(reference.scaled_predictions);
  });

  test('throws where a feature is beyond float32', () => {
    const predictProba = createGradientBoosting(prepareGradientBoosting(theirs), 3);
    expect(() => predictProba(Float64Array.of(0, 1e39, 0))).toThrow(
      'scaled feature 1: 1e+39 is beyond float32',
    );
  });
});

describe('fitGradientBoosting', () => {
  test('uses the same dataset as the reference', () => {
    const featureNames = ['temperature', 'humidity', 'sound_volume'];
    const sha256 = createHash('sha256').update(toCsv({ featureNames, features, labels })).digest('hex');
    expect(sha256).toBe(reference.data_sha256);
  });

  test('starts and ends where scikit-learn does', () => {
    const ours = fitGradientBoosting(scaled, labels);
    expect(Math.abs(ours.init - theirs.init)).toBeLessThan(1e-15);
    expect(largestDifference(scoresOf(ours, scaled), scoresOf(theirs, scaled))).toBeLessThan(1e-12);
  });

  test('does so with other parameters', () => {
    const other = gradientBoostingSchema.parse(reference.other.classifier);
    const ours = fitGradientBoosting(scaled, labels, reference.other.parameters);
    expect(ours.trees.roots.length).toBe(25);
    expect(largestDifference(scoresOf(ours, scaled), scoresOf(other, scaled))).toBeLessThan(1e-12);
  });

  test('splits every node of 100 trees as scikit-learn does, but for ties', () => {
    const { same, tied, different } = compareSplits({ theirs, matrix: scaled, labels });
    expect(different).toEqual([]);
    expect({ same, tied }).toEqual({ same: 686, tied: 11 });
  });

  test('does so with constant, huge, tiny, discrete and nearly equal columns', () => {
    const { rows, scores } = reference.hard;
    const matrix = createMatrix(Float64Array.from(rows.flat()), 5);
    const hard = gradientBoostingSchema.parse(reference.hard.classifier);
    expect(largestDifference(scoresOf(hard, matrix), scores)).toBeLessThan(1e-12);
    const { same, tied, different } = compareSplits({
      theirs: hard,
      matrix,
      labels: Uint8Array.from(reference.hard.labels),
    });
    expect(different).toEqual([]);
    expect({ same, tied }).toEqual({ same: 266, tied: 6 });
  });

  test('never scores the training rows worse for one more tree', () => {
    const lossOf = (classifier: GradientBoosting) =>
      scoresOf(classifier, scaled).reduce((sum, p, i) => sum - Math.log(labels[i] === 1 ? p : 1 - p), 0);
    const losses = [1, 5, 20, 60].map((n_estimators) =>
      lossOf(fitGradientBoosting(scaled, labels, { n_estimators })),
    );
    expect(losses).toEqual(losses.toSorted((a, b) => b - a));
  });

  test.each([
    ['one class', Uint8Array.of(0, 0), 'no row has the label 1'],
    ['another label', Uint8Array.of(0, 1, 2), 'label 2: expected 0 or 1'],
  ])('refuses %s', (_, wrong, message) => {
    const matrix = createMatrix(new Float64Array(wrong.length), 1);
    expect(() => fitGradientBoosting(matrix, wrong)).toThrow(message);
  });

  test('refuses labels that do not match the rows', () => {
    expect(() => fitGradientBoosting(scaled, Uint8Array.of(0, 1))).toThrow(
      `2 labels for ${scaled.rows} rows`,
    );
  });

  test('refuses a parameter out of range', () => {
    expect(() => fitGradientBoosting(scaled, labels, { max_depth: 0 })).toThrow('max_depth');
  });
});

describe('expit', () => {
  test('is a half at 0, symmetric, and 0 and 1 at the ends', () => {
    expect(expit(0)).toBe(0.5);
    expect(expit(Math.log(3))).toBeCloseTo(0.75, 15);
    expect(expit(2) + expit(-2)).toBeCloseTo(1, 15);
    expect([expit(-800), expit(800)]).toEqual([0, 1]);
  });
});

describe('priorLogOdds', () => {
  test('is the log of the odds of label 1', () => {
    expect(priorLogOdds(Uint8Array.of(0, 0, 0, 1))).toBeCloseTo(Math.log(1 / 3), 15);
  });

  test('is clipped where all labels are equal', () => {
    expect(priorLogOdds(Uint8Array.of(1, 1))).toBe(Math.log((1 - 2 ** -23) / 2 ** -23));
    expect(priorLogOdds(Uint8Array.of(0, 0))).toBe(Math.log(2 ** -23 / (1 - 2 ** -23)));
  });
});

describe('negativeGradient', () => {
  test('is the label minus the probability', () => {
    const out = new Float64Array(2);
    negativeGradient(Uint8Array.of(1, 0), Float64Array.of(0, 0), out);
    expect(Array.from(out)).toEqual([0.5, -0.5]);
  });
});

describe('newtonLeafValues', () => {
  test('divides the residuals by p(1 − p), leaf by leaf', () => {
    const values = newtonLeafValues(Uint8Array.of(1, 0, 1), Float64Array.of(0.5, -0.25, 0.25), {
      leafOf: Int32Array.of(1, 1, 2),
      nodes: 3,
    });
    expect(values[0]).toBe(0);
    expect(values[1]).toBeCloseTo(0.25 / (0.25 + 0.1875), 15);
    expect(values[2]).toBeCloseTo(0.25 / 0.1875, 15);
  });

  test('is 0 where the denominator vanishes', () => {
    const leaf = { leafOf: Int32Array.of(0), nodes: 1 };
    expect(Array.from(newtonLeafValues(Uint8Array.of(1), Float64Array.of(0), leaf))).toEqual([0]);
  });
});

describe('a decision by the raw value', () => {
  const trees = { roots: [0], feature: [-1], threshold: [0], left: [-1], right: [-1], value: [0] };
  const scoreOf = (init: number, decision?: 'raw >= 0' | 'raw > 0') =>
    createGradientBoosting(
      prepareGradientBoosting({
        family: 'gradient-boosting',
        init,
        learning_rate: 1,
        trees,
        ...(decision && { decision }),
      }),
      1,
    )(Float64Array.of(0));

  test.each([
    [0, undefined, false],
    [0, 'raw >= 0', true],
    [0, 'raw > 0', false],
    [1e-18, undefined, false],
    [1e-18, 'raw >= 0', true],
    [1e-18, 'raw > 0', true],
    [-1e-18, 'raw >= 0', false],
    [-0, 'raw >= 0', true],
  ] as const)('%d by %s: label 1 is %s', (raw, decision, isOne) => {
    expect(scoreOf(raw, decision) > 0.5).toBe(isOne);
    expect(scoreOf(raw, decision)).toBeCloseTo(0.5, 15);
  });

  test('does not change other scores', () => {
    expect(scoreOf(2, 'raw >= 0')).toBe(scoreOf(2));
    expect(scoreOf(-2, 'raw > 0')).toBe(scoreOf(-2));
  });
});

test('missing values go to the side of each node', () => {
  const trees = {
    roots: [0],
    feature: [0, -1, 1, -1, -1],
    threshold: [1, 0, 1, 0, 0],
    left: [1, -1, 3, -1, -1],
    right: [2, -1, 4, -1, -1],
    value: [0, 1, 0, 2, 3],
  };
  const model = { family: 'gradient-boosting' as const, init: 0, learning_rate: 1, trees };
  const score = createGradientBoosting(
    prepareGradientBoosting({ ...model, missing_left: [0, 0, 1, 0, 0] }),
    2,
  );
  const raw = (...row: number[]) => Math.round(Math.log(1 / (1 / score(Float64Array.from(row)) - 1)));
  expect([raw(1, 9), raw(1 + 1e-12, Number.NaN), raw(Number.NaN, Number.NaN), raw(Number.NaN, 2)]).toEqual([
    1, 2, 2, 3,
  ]);
  expect(gradientBoostingSchema.safeParse({ ...model, missing_left: [0, 1] }).error?.issues[0]).toMatchObject(
    {
      path: ['missing_left'],
      message: 'expected one entry per node',
    },
  );
});
