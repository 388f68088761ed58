import { describe, expect, test } from 'vitest';
import type { KNearestNeighbors } from './k-nearest-neighbors.ts';
import { tiedShares } from './tied-shares.ts';

const model: KNearestNeighbors = {
  family: 'k-nearest-neighbors',
  n_neighbors: 3,
  weights: 'uniform',
  p: 2,
  algorithm: 'brute',
  leaf_size: 30,
  samples: [0, 2, -2, 2, 5],
  labels: [1, 0, 1, 0, 1],
};
const at = (value: number, change: Partial<KNearestNeighbors> = {}) =>
  tiedShares({ ...model, ...change }, Float64Array.of(value));

describe('tiedShares', () => {
  test('is undefined where the nearest rows are unique', () => {
    expect(at(0.5)).toBeUndefined();
    expect(at(0, { n_neighbors: 4 })).toBeUndefined();
    expect(at(0, { n_neighbors: 5 })).toBeUndefined();
  });

  test('has the fewest and the most rows of label 1 among those at the border', () => {
    expect(at(0)).toEqual([1 / 3, 2 / 3]);
    expect(at(0, { n_neighbors: 2 })).toEqual([1 / 2, 1]);
    expect(at(0, { p: 1 })).toEqual([1 / 3, 2 / 3]);
  });

  test('weights by distance', () => {
    expect(at(-0.5, { samples: [0, 1, -2, 1, 9], weights: 'distance' })).toEqual([
      2 / (2 + 2 / 1.5),
      (2 + 1 / 1.5) / (2 + 2 / 1.5),
    ]);
    expect(at(0, { weights: 'distance' })).toBeUndefined();
    expect(at(2, { weights: 'distance', n_neighbors: 1 })).toEqual([0, 1]);
  });

  test('counts distances that differ by rounding errors as tied', () => {
    expect(at(0, { samples: [0, 2, -2 - 1e-14, 2, 5] })).toEqual([1 / 3, 2 / 3]);
    expect(at(0, { samples: [0, 2, -2.001, 2, 5] })).toBeUndefined();
  });
});
