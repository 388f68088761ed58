import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { generateDataset } from '../../dataset/generate-dataset.ts';
import { toCsv } from '../../dataset/to-csv.ts';
import { createMatrix, type Matrix, rowOf } from '../../matrix.ts';
import { createPipeline } from '../../pipeline.ts';
import { compareSplits } from '../../reference/compare-splits.ts';
import reference from '../../reference/gradient-boosting.json' with { type: 'json' };
import { transform } from '../../scalers/scaler.ts';
import { standardScalerSchema } from '../../scalers/standard-scaler.ts';
import { fitGradientBoosting } from './fit-gradient-boosting.ts';
import {
  createGradientBoosting,
  type GradientBoosting,
  gradientBoostingSchema,
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
  const predictProba = createGradientBoosting(classifier, matrix.columns);
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

  test('refuses what float32 cannot hold, instead of answering', () => {
    const predictProba = createGradientBoosting(theirs, 3);
    expect(() => predictProba(Float64Array.of(0, 1e39, 0))).toThrow(
      'scaled feature 1: 1e+39 is beyond float32',
    );
  });
});

describe('fitGradientBoosting', () => {
  test('is compared on the very dataset that scikit-learn was given', () => {
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
