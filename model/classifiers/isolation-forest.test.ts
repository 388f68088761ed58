import { describe, expect, test } from 'vitest';
import { averagePathLength, createIsolationForest, prepareIsolationForest } from './isolation-forest.ts';

describe('createIsolationForest', () => {
  const trees = {
    roots: [0],
    feature: [0, -1, -1],
    threshold: [1, 0, 0],
    left: [1, -1, -1],
    right: [2, -1, -1],
  };
  const scoreAt = (value: number, offset: number, normalizer = 4) => {
    const forest = {
      family: 'isolation-forest' as const,
      trees: { ...trees, value: [0, 4, 2] },
      normalizer,
      offset,
    };
    return createIsolationForest(prepareIsolationForest(forest), 1)(Float64Array.of(value));
  };

  test('is 2 to the power of minus the share of the normal path length', () => {
    expect([scoreAt(1, 0.9), scoreAt(2, 0.9)]).toEqual([0.5, 2 ** -0.5]);
    expect(scoreAt(1, 0.9, 0)).toBe(0.5);
  });

  test('is the offset within rounding errors of it', () => {
    for (const offset of [0.5 - 2 ** -50, 0.5 + 2 ** -50]) expect(scoreAt(1, offset)).toBe(offset);
    expect(scoreAt(1, 0.5 + 1e-12)).toBe(0.5);
  });
});

test('averagePathLength is that of an unsuccessful search in a binary search tree', () => {
  expect([0, 1, 2].map(averagePathLength)).toEqual([0, 0, 1]);
  expect(averagePathLength(3)).toBeCloseTo(2 * (Math.log(2) + 0.5772156649015329) - 4 / 3, 15);
  expect(averagePathLength(256)).toBeCloseTo(10.2448, 4);
});
