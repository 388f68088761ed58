import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../dataset/random.ts';
import { createMatrix } from '../matrix.ts';
import { createTreeGrower } from './grow-tree.ts';

const limits = { maxDepth: 3, minSamplesSplit: 2, minSamplesLeaf: 1 };

function grow(values: number[], target: number[], change: Partial<typeof limits> = {}) {
  const matrix = createMatrix(Float64Array.from(values), values.length / target.length);
  return createTreeGrower(matrix, { ...limits, ...change })(Float64Array.from(target));
}

describe('createTreeGrower', () => {
  test('splits halfway between the values that separate the targets', () => {
    const { tree, leafOf } = grow([1, 2, 5, 6], [0, 0, 1, 1]);
    expect(tree).toEqual({
      feature: [0, -1, -1],
      threshold: [3.5, 0, 0],
      left: [1, -1, -1],
      right: [2, -1, -1],
    });
    expect(Array.from(leafOf)).toEqual([1, 1, 2, 2]);
  });

  test('weighs a split by the rows on both sides', () => {
    const gains = [1, 2, 3].map((lefts) => {
      const target = [0, 0, 4, 1];
      const sum = (rows: number[]) => rows.reduce((total, value) => total + value, 0);
      const difference = (4 - lefts) * sum(target.slice(0, lefts)) - lefts * sum(target.slice(lefts));
      return difference ** 2 / (lefts * (4 - lefts));
    });
    expect(gains).toEqual([25 / 3, 25, 1 / 3]);
    expect(grow([1, 2, 3, 4], [0, 0, 4, 1], { maxDepth: 1 }).tree.threshold[0]).toBe(2.5);
  });

  test('prefers the lower of two equally good columns', () => {
    expect(grow([1, 1, 2, 2, 3, 3], [0, 0, 1], { maxDepth: 1 }).tree.feature[0]).toBe(0);
  });

  test('compares values as float32 and takes those within 1e-7 as equal', () => {
    expect(grow([1, 1 + 1e-8], [0, 1]).tree.feature).toEqual([-1]);
    expect(grow([0, 9e-8], [0, 1]).tree.feature).toEqual([-1]);
    expect(grow([0, 2e-7], [0, 1]).tree.feature).toEqual([0, -1, -1]);
  });

  test('stops at a pure node', () => {
    expect(grow([1, 2, 3, 4], [7, 7, 7, 7]).tree.feature).toEqual([-1]);
  });

  test.each([
    ['maxDepth', { maxDepth: 1 }, 3],
    ['minSamplesSplit', { minSamplesSplit: 5 }, 1],
    ['minSamplesLeaf', { minSamplesLeaf: 2 }, 3],
    ['minSamplesLeaf', { minSamplesLeaf: 3 }, 1],
  ])('respects %s', (_, change, nodes) => {
    expect(grow([1, 2, 3, 4], [0, 5, 0, 9], change).tree.feature.length).toBe(nodes);
  });

  test('refuses values beyond float32', () => {
    expect(() => grow([1, 1e39], [0, 1])).toThrow('row 1, column 0: 1e+39 is beyond float32');
  });

  test('counts a row as often as its weight says, and none of weight 0', () => {
    const matrix = createMatrix(Float64Array.of(1, 2, 3, 4, 5), 1);
    const weight = Float64Array.of(1, 3, 0, 2, 1);
    const growTree = createTreeGrower(matrix, { ...limits, maxDepth: 1 });
    const { tree, leafOf } = growTree(Float64Array.of(0, 1, 9, 0, 1), { weight });
    // Gains of the splits after 1, 2 and 4: 16/6, 25/12 and 9/6.
    expect(tree.threshold[0]).toBe(1.5);
    expect(Array.from(leafOf)).toEqual([1, 2, -1, 2, 2]);
  });

  test('grows the same tree on weighted rows as on repeated ones', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 2, max: 30 }), (seed, rows) => {
        const random = createRandom(seed);
        const values = Array.from({ length: rows }, () => [random.integer(0, 9), random.integer(0, 9)]);
        const target = Float64Array.from(values, () => random.integer(0, 1));
        const weight = Float64Array.from(values, (_, i) => (i === 0 ? 1 : random.integer(0, 3)));
        const repeated = values.flatMap((_, i) => Array<number>(weight[i]).fill(i));
        const matrix = createMatrix(Float64Array.from(values.flat()), 2);
        const weighted = createTreeGrower(matrix, limits)(target, { weight });
        const plain = grow(
          repeated.flatMap((row) => values[row]),
          repeated.map((row) => target[row]),
        );
        expect(weighted.tree).toEqual(plain.tree);
      }),
    );
  });

  test('searches the chosen columns, and more only where these are constant', () => {
    const matrix = createMatrix(Float64Array.of(1, 5, 0, 1, 7, 1), 3);
    const orders = [
      [0, 1, 2],
      [2, 0, 1],
      [0, 2, 1],
    ];
    const features = orders.map((order) => {
      const choice = { count: 1, pick: (visited: number) => order[visited] };
      return createTreeGrower(matrix, limits)(Float64Array.of(0, 1), { choice }).tree.feature[0];
    });
    expect(features).toEqual([1, 2, 2]);
  });

  test('sends every row to the leaf that its splits lead to', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: 2, max: 60 }),
        fc.integer({ min: 1, max: 4 }),
        (seed, rows, minSamplesLeaf) => {
          const random = createRandom(seed);
          const values = Array.from({ length: rows * 2 }, () => random.integer(0, 9));
          const { tree, leafOf } = grow(
            values,
            Array.from({ length: rows }, () => random.uniform()),
            { minSamplesLeaf },
          );
          const counts = new Map<number, number>();
          for (let row = 0; row < rows; row++) {
            let node = 0;
            while (tree.feature[node] >= 0) {
              const isLeft = values[row * 2 + tree.feature[node]] <= tree.threshold[node];
              node = isLeft ? tree.left[node] : tree.right[node];
            }
            expect(leafOf[row]).toBe(node);
            counts.set(node, (counts.get(node) ?? 0) + 1);
          }
          expect(Math.min(...counts.values())).toBeGreaterThanOrEqual(Math.min(rows, minSamplesLeaf));
        },
      ),
    );
  });
});
