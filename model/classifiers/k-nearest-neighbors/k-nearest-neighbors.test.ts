import { describe, expect, test } from 'vitest';
import { generateDataset } from '../../dataset/generate-dataset.ts';
import { createMatrix, rowOf } from '../../matrix.ts';
import reference from '../../reference/k-nearest-neighbors.json' with { type: 'json' };
import { fitStandardScaler } from '../../scalers/fit-scaler.ts';
import { transform } from '../../scalers/scaler.ts';
import {
  createKNearestNeighbors,
  createNeighborSearch,
  fitKNearestNeighbors,
  type KNearestNeighbors,
  prepareKNearestNeighbors,
} from './k-nearest-neighbors.ts';

const weightings = ['uniform', 'distance'] as const;

function toMatrix(values: number[], columns: number) {
  return createMatrix(Float64Array.from(values), columns);
}

/** The neighbors of each row, in ascending order. */
function neighborsOf(model: KNearestNeighbors, queries: ReturnType<typeof toMatrix>): number[] {
  const search = createNeighborSearch(prepareKNearestNeighbors(model, queries.columns));
  return Array.from({ length: queries.rows }, (_, i) => i).flatMap((i) =>
    Array.from(search(rowOf(queries, i)).indices).toSorted((a, b) => a - b),
  );
}

function scoresOf(model: KNearestNeighbors, queries: ReturnType<typeof toMatrix>): number[] {
  const predictProba = createKNearestNeighbors(prepareKNearestNeighbors(model, queries.columns));
  return Array.from({ length: queries.rows }, (_, i) => predictProba(rowOf(queries, i)));
}

function expectScores(
  actual: number[],
  { scores, predictions }: { scores: number[]; predictions: number[] },
) {
  expect(actual.length).toBe(scores.length);
  expect(Math.max(...actual.map((score, i) => Math.abs(score - scores[i])))).toBeLessThan(1e-10);
  expect(actual.map((score) => Number(score > 0.5))).toEqual(predictions);
}

describe('createKNearestNeighbors', () => {
  test.each(reference.classifiers)(
    'finds the neighbors and scores that scikit-learn does: $name',
    ({ parameters, columns, ...expected }) => {
      const rows = toMatrix(expected.rows, columns);
      const queries = toMatrix(expected.queries, columns);
      for (const weights of weightings) {
        const model = fitKNearestNeighbors(rows, Uint8Array.from(expected.labels), {
          ...parameters,
          weights,
        });
        expect(model.algorithm).toBe(expected.algorithm);
        expect(neighborsOf(model, queries)).toEqual(expected.neighbors);
        expectScores(scoresOf(model, queries), expected[weights]);
      }
    },
  );

  test('does so on the committed dataset', () => {
    const { features, labels } = generateDataset();
    const scaler = fitStandardScaler(features);
    const queries = transform(scaler, toMatrix(reference.dataset.queries, 3));
    for (const weights of weightings) {
      const model = fitKNearestNeighbors(transform(scaler, features), labels, { weights });
      expect(model.algorithm).toBe(reference.dataset.algorithm);
      expect(neighborsOf(model, queries)).toEqual(reference.dataset.neighbors);
      expectScores(scoresOf(model, queries), reference.dataset[weights]);
    }
  });

  test('takes the nearest of a line, with either search', () => {
    const model = fitKNearestNeighbors(
      toMatrix([0, 1, 2, 3, 4, 5, 6, 7], 1),
      Uint8Array.of(0, 0, 0, 1, 1, 1, 0, 0),
      {
        n_neighbors: 3,
      },
    );
    for (const algorithm of ['kd_tree', 'brute'] as const) {
      const predictProba = createKNearestNeighbors(prepareKNearestNeighbors({ ...model, algorithm }, 1));
      const scores = [-9, 2.4, 3.1, 6.2].map((value) => predictProba(Float64Array.of(value)));
      expect(scores).toEqual([0, 1 / 3, 2 / 3, 1 / 3]);
    }
  });

  test('lets only the neighbors that a row is on vote when near ones weigh more', () => {
    const matrix = toMatrix([0, 0, 0, 1e-9, 5, 6, 7, 8], 1);
    const model = fitKNearestNeighbors(matrix, Uint8Array.of(1, 0, 0, 1, 1, 1, 1, 1), {
      n_neighbors: 4,
      weights: 'distance',
    });
    const predictProba = createKNearestNeighbors(prepareKNearestNeighbors(model, 1));
    expect(predictProba(Float64Array.of(0))).toBe(1 / 3);
    expect(predictProba(Float64Array.of(1e-9))).toBe(1);
  });

  test('has no state between rows', () => {
    const matrix = toMatrix([0, 1, 2, 3, 10, 11, 12, 13], 1);
    const predictProba = createKNearestNeighbors(
      prepareKNearestNeighbors(fitKNearestNeighbors(matrix, Uint8Array.of(0, 0, 0, 0, 1, 1, 1, 1)), 1),
    );
    const first = predictProba(Float64Array.of(4));
    predictProba(Float64Array.of(1000));
    expect(predictProba(Float64Array.of(4))).toBe(first);
  });

  test('throws where a distance overflows', () => {
    const model = fitKNearestNeighbors(toMatrix([0, 1, 2, 3], 1), Uint8Array.of(0, 1, 0, 1), {
      n_neighbors: 1,
    });
    expect(() => createKNearestNeighbors(prepareKNearestNeighbors(model, 1))(Float64Array.of(1e200))).toThrow(
      'overflows float64',
    );
  });
});

describe('fitKNearestNeighbors', () => {
  const matrix = toMatrix([0, 1, 2, 3, 4, 5, 6, 7], 2);
  const labels = Uint8Array.of(0, 1, 0, 1);

  test('keeps the rows as they are', () => {
    const model = fitKNearestNeighbors(matrix, labels, { n_neighbors: 1, leaf_size: 2 });
    expect(model).toEqual({
      family: 'k-nearest-neighbors',
      n_neighbors: 1,
      weights: 'uniform',
      p: 2,
      algorithm: 'kd_tree',
      leaf_size: 2,
      samples: [0, 1, 2, 3, 4, 5, 6, 7],
      labels: [0, 1, 0, 1],
    });
  });

  test.each([
    { columns: 15, rows: 12, algorithm: 'kd_tree' },
    { columns: 16, rows: 12, algorithm: 'brute' },
    { columns: 1, rows: 11, algorithm: 'brute' },
  ])('searches $rows rows of $columns columns by $algorithm', ({ columns, rows, algorithm }) => {
    const alternating = Uint8Array.from({ length: rows }, (_, i) => i % 2);
    const model = fitKNearestNeighbors(createMatrix(new Float64Array(rows * columns), columns), alternating);
    expect(model.algorithm).toBe(algorithm);
  });

  test('refuses more neighbors than rows', () => {
    expect(() => fitKNearestNeighbors(matrix, labels)).toThrow('n_neighbors 5: expected at most 4');
  });

  test('refuses one class only', () => {
    expect(() => fitKNearestNeighbors(matrix, new Uint8Array(4))).toThrow('no row has the label 1');
  });

  test.each([{ n_neighbors: 0 }, { n_neighbors: 1.5 }, { p: 0.5 }, { leaf_size: 0 }])(
    'refuses %o',
    (wrong) => {
      expect(() => fitKNearestNeighbors(matrix, labels, wrong)).toThrow(Object.keys(wrong)[0]);
    },
  );
});
