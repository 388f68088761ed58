import { describe, expect, test } from 'vitest';
import { createMatrix, rowOf } from '../../matrix.ts';
import reference from '../../reference/k-nearest-neighbors.json' with { type: 'json' };
import { createKdTree, createKdTreeSearch } from './kd-tree.ts';
import type { NeighborSearch } from './neighbor-search.ts';
import { createAllRowsSearch } from './neighbor-search.ts';

const cases = reference.trees.map((tree) => ({
  ...tree,
  samples: createMatrix(Float64Array.from(tree.rows), tree.columns),
  targets: createMatrix(Float64Array.from(tree.queries), tree.columns),
  options: { neighbors: tree.n_neighbors, p: tree.p },
}));

function searchEach(search: NeighborSearch, targets: (typeof cases)[number]['targets']) {
  return Array.from({ length: targets.rows }, (_, i) => {
    const { distances, indices } = search(rowOf(targets, i));
    return { distances: Array.from(distances).toSorted((a, b) => a - b), indices: Array.from(indices) };
  });
}

describe('createKdTree', () => {
  test.each(cases)(
    'has the rows in the order that scikit-learn has them: $name',
    ({ samples, ...expected }) => {
      expect(Array.from(createKdTree(samples, expected.leaf_size).order)).toEqual(expected.order);
    },
  );

  test('halves the rows down to leaves of 1 to 2 times the leaf size', () => {
    const samples = createMatrix(
      Float64Array.from({ length: 100 }, (_, i) => (i * 37) % 100),
      1,
    );
    const { starts, ends, leaves, lower, upper } = createKdTree(samples, 10);
    expect(leaves).toBe(8);
    const sizes = Array.from(starts, (start, node) => ends[node] - start);
    expect(sizes).toEqual([100, 50, 50, 25, 25, 25, 25, 12, 13, 12, 13, 12, 13, 12, 13]);
    expect([lower[7], upper[7], lower[14], upper[14]]).toEqual([0, 11, 87, 99]);
  });

  test('is one leaf where there are few rows', () => {
    const tree = createKdTree(createMatrix(Float64Array.of(3, 1, 2), 1), 30);
    expect([tree.leaves, ...tree.order]).toEqual([1, 0, 1, 2]);
  });
});

describe('createKdTreeSearch', () => {
  test.each(cases)('takes the same of equally distant rows as scikit-learn: $name', (given) => {
    const found = searchEach(
      createKdTreeSearch(createKdTree(given.samples, given.leaf_size), given.options),
      given.targets,
    );
    expect(found.flatMap(({ indices }) => indices.toSorted((a, b) => a - b))).toEqual(given.neighbors);
  });

  test.each(cases)('finds rows as near as a look at all of them does: $name', (given) => {
    const byTree = searchEach(
      createKdTreeSearch(createKdTree(given.samples, given.leaf_size), given.options),
      given.targets,
    );
    const byAll = searchEach(createAllRowsSearch(given.samples, given.options), given.targets);
    expect(byTree.map(({ distances }) => distances)).toEqual(byAll.map(({ distances }) => distances));
  });

  test('does so with any exponent', () => {
    const [{ samples, targets }] = cases;
    const options = { neighbors: 6, p: 2.5 };
    const byTree = searchEach(createKdTreeSearch(createKdTree(samples, 4), options), targets);
    const byAll = searchEach(createAllRowsSearch(samples, options), targets);
    expect(byTree.map(({ distances }) => distances)).toEqual(byAll.map(({ distances }) => distances));
  });
});
