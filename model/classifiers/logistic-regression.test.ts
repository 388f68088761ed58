import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { generateDataset } from '../dataset/generate-dataset.ts';
import { createRandom } from '../dataset/random.ts';
import { createMatrix, type Matrix, rowOf } from '../matrix.ts';
import reference from '../reference/logistic-regression.json' with { type: 'json' };
import { fitStandardScaler } from '../scalers/fit-scaler.ts';
import { transform } from '../scalers/scaler.ts';
import {
  createLogisticRegression,
  fitLogisticRegression,
  type LogisticRegression,
  type LogisticRegressionParameters,
  logisticRegressionSchema,
} from './logistic-regression.ts';

const { features, labels } = generateDataset();
const scaled = transform(fitStandardScaler(features), features);
const matrixOf = (rows: number[][]) => createMatrix(Float64Array.from(rows.flat()), rows[0].length);

/** Removes `undefined` parameters, which some types of the JSON file have. */
const parametersOf = (given: object) => given as Partial<LogisticRegressionParameters>;

const cases = reference.cases.flatMap(({ name, rows, labels: given, fits }) =>
  fits.map((fit) => ({
    ...fit,
    name: `${name} ${JSON.stringify(fit.parameters)}`,
    matrix: matrixOf(rows),
    labels: Uint8Array.from(given),
    classifier: logisticRegressionSchema.parse(fit.classifier),
  })),
);

function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  return Array.from(expected).reduce(
    (largest, value, i) => Math.max(largest, Math.abs(actual[i] - value)),
    0,
  );
}

const weightsOf = ({ coef, intercept }: Pick<LogisticRegression, 'coef' | 'intercept'>) => [
  ...coef,
  intercept,
];

function scoresOf(classifier: LogisticRegression, matrix: Matrix): number[] {
  const predictProba = createLogisticRegression(classifier);
  return Array.from({ length: matrix.rows }, (_, i) => predictProba(rowOf(matrix, i)));
}

const toPredictions = (scores: number[]) => scores.map((score) => Number(score > 0.5));

/** Σ log-loss + ‖coef‖² / 2 by its definition. */
function lossOf({ coef, intercept }: LogisticRegression, rows: number[][], given: number[]): number {
  const losses = rows.map((row, i) => {
    const logOdds = row.reduce((sum, value, j) => sum + value * coef[j], intercept);
    const wrongness = given[i] === 1 ? -logOdds : logOdds;
    return Math.max(wrongness, 0) + Math.log1p(Math.exp(-Math.abs(wrongness)));
  });
  return [...losses, ...coef.map((weight) => weight ** 2 / 2)].reduce((sum, part) => sum + part, 0);
}

describe('createLogisticRegression', () => {
  test('scores the dataset as scikit-learn does', () => {
    const rows = Array.from({ length: Math.ceil(scaled.rows / 20) }, (_, i) =>
      Array.from(rowOf(scaled, i * 20)),
    );
    const scores = scoresOf(logisticRegressionSchema.parse(reference.dataset.precise), matrixOf(rows));
    expect(largestDifference(scores, reference.dataset.scores)).toBeLessThan(1e-12);
    expect(toPredictions(scores)).toEqual(reference.dataset.predictions);
  });

  test.each(cases)('scores as scikit-learn does: $name', ({ matrix, classifier, scores, predictions }) => {
    const ours = scoresOf(classifier, matrix);
    expect(largestDifference(ours, scores)).toBeLessThan(1e-10);
    expect(toPredictions(ours)).toEqual(predictions);
  });

  test('labels rows on the boundary, and next to it, as scikit-learn does', () => {
    const { classifier, rows, scores, predictions } = reference.boundary;
    const ours = scoresOf(logisticRegressionSchema.parse(classifier), matrixOf(rows));
    expect(largestDifference(ours, scores)).toBeLessThan(1e-15);
    expect(toPredictions(ours)).toEqual(predictions);
  });
});

describe('fitLogisticRegression', () => {
  test('finds the coefficients of scikit-learn on the dataset, with its defaults and precisely', () => {
    const weights = weightsOf(fitLogisticRegression(scaled, labels));
    expect(largestDifference(weights, weightsOf(reference.dataset.default))).toBeLessThan(1e-4);
    expect(largestDifference(weights, weightsOf(reference.dataset.precise))).toBeLessThan(1e-7);
  });

  test('finds them on features that are not scaled too', () => {
    const weights = weightsOf(fitLogisticRegression(features, labels));
    expect(largestDifference(weights, weightsOf(reference.dataset.unscaled))).toBeLessThan(1e-4);
  });

  test.each(cases)('finds the coefficients of scikit-learn: $name', (given) => {
    const ours = fitLogisticRegression(given.matrix, given.labels, parametersOf(given.parameters));
    expect(largestDifference(weightsOf(ours), weightsOf(given.classifier))).toBeLessThan(1e-4);
    expect(toPredictions(scoresOf(ours, given.matrix))).toEqual(given.predictions);
  });

  test('reaches a loss that scikit-learn does not, where columns range from 1e-7 to 1e12', () => {
    const { rows, labels: given, losses } = reference.out_of_reach;
    const ours = fitLogisticRegression(matrixOf(rows), Uint8Array.from(given));
    expect(lossOf(ours, rows, given)).toBeLessThan(Math.min(...losses));
  });

  test('ends where no small step lowers the loss, whatever the rows', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: 2, max: 40 }),
        fc.integer({ min: 1, max: 5 }),
        (seed, count, columns) => {
          const random = createRandom(seed);
          const rows = Array.from({ length: count }, () =>
            Array.from({ length: columns }, (_, j) => random.integer(-3, 3) * 10 ** (2 * j - 4)),
          );
          const given = rows.map((_, i) => (i < 2 ? i : random.integer(0, 1)));
          const fitted = fitLogisticRegression(matrixOf(rows), Uint8Array.from(given));
          const loss = lossOf(fitted, rows, given);
          for (let i = 0; i < 10; i++) {
            const moved = {
              ...fitted,
              coef: fitted.coef.map((weight, j) => weight + random.normal(0, 0.1) * 10 ** (4 - 2 * j)),
              intercept: fitted.intercept + random.normal(0, 0.1),
            };
            expect(lossOf(moved, rows, given)).toBeGreaterThanOrEqual(loss - 1e-9);
          }
        },
      ),
    );
  });

  test.each([1e-300, 1e-150, 1e-20, 1e20, 1e150, 1e300])('takes a column of the scale %d', (scale) => {
    const values = Float64Array.of(-2, -1, 0.5, -0.5, 1, 2).map((value) => value * scale);
    const { coef, intercept } = fitLogisticRegression(
      createMatrix(values, 1),
      Uint8Array.of(0, 0, 0, 1, 1, 1),
    );
    expect([...coef, intercept].every(Number.isFinite)).toBe(true);
    expect(coef[0]).toBeGreaterThanOrEqual(0);
  });

  test('throws where the values are too large, or the steps too few', () => {
    const huge = createMatrix(Float64Array.of(-1.7e308, 1.7e308), 1);
    expect(() => fitLogisticRegression(huge, Uint8Array.of(0, 1))).toThrow('column 0: its values are too');
    expect(() => fitLogisticRegression(scaled, labels, { max_iter: 2 })).toThrow(
      'not converged after 2 iterations',
    );
  });

  test.each([
    ['one class', Uint8Array.of(0, 0), 'no row has the label 1'],
    ['another label', Uint8Array.of(0, 1, 2), 'label 2: expected 0 or 1'],
  ])('refuses %s', (_, wrong, message) => {
    const matrix = createMatrix(new Float64Array(wrong.length), 1);
    expect(() => fitLogisticRegression(matrix, wrong)).toThrow(message);
  });

  test.each([{ C: 0 }, { C: -1 }, { tol: 0 }, { max_iter: 0 }])('refuses %j', (parameters) => {
    expect(() => fitLogisticRegression(scaled, labels, parameters)).toThrow(Object.keys(parameters)[0]);
  });
});
