import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom, type Random } from '../dataset/random.ts';
import { createLeafSum, packTrees } from './leaf-sum.ts';
import { walkedSum } from './testing/walked-sum.ts';
import { type Trees, treesSchema } from './trees.ts';

/** x0 ≤ 1 ? 10 : (x1 ≤ 2 ? 20 : 30), and a tree that is a leaf of 5. */
const twoTrees: Trees = {
  roots: [0, 5],
  feature: [0, -1, 1, -1, -1, -1],
  threshold: [1, 0, 2, 0, 0, 0],
  left: [1, -1, 3, -1, -1, -1],
  right: [2, -1, 4, -1, -1, -1],
  value: [0, 10, 0, 20, 30, 5],
};

function drawTrees(random: Random, { count, depth }: { count: number; depth: number }): Trees {
  const trees: Trees = { roots: [], feature: [], threshold: [], left: [], right: [], value: [] };
  function add(left: number): number {
    const node = trees.feature.length;
    const isLeaf = left === 0 || random.uniform() < 0.2;
    trees.feature.push(isLeaf ? -1 : random.integer(0, 2));
    trees.threshold.push(isLeaf ? 0 : random.integer(-3, 3));
    trees.value.push(isLeaf ? random.normal(0, 1) : 0);
    trees.left.push(-1);
    trees.right.push(-1);
    if (!isLeaf) {
      trees.left[node] = add(left - 1);
      trees.right[node] = add(left - 1);
    }
    return node;
  }
  for (let i = 0; i < count; i++) trees.roots.push(add(depth));
  return trees;
}

describe('createLeafSum', () => {
  test.each([
    [[1, 9], 15],
    [[1.5, 2], 25],
    [[1.5, 2.5], 35],
  ])('sums the leaves that %j reaches', (row, sum) => {
    expect(createLeafSum(packTrees(twoTrees, 1))(Float64Array.from(row), 0)).toBe(sum);
    expect(createLeafSum(packTrees(twoTrees, 0.5))(Float64Array.from(row), 100)).toBe(100 + sum / 2);
  });

  test('equals a plain walk of trees of any size, to the last bit', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 0, max: 6 }), (seed, depth) => {
        const random = createRandom(seed);
        const trees = treesSchema.parse(drawTrees(random, { count: 5, depth }));
        const sum = createLeafSum(packTrees(trees, 0.1));
        for (let i = 0; i < 20; i++) {
          const row = Float64Array.from([0, 1, 2], () => random.integer(-4, 4));
          expect(sum(row, 0.25)).toBe(walkedSum({ trees, weight: 0.1 }, row, 0.25));
        }
      }),
    );
  });

  test('equals a plain walk of deep trees, to the last bit', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 9 }), (seed, count) => {
        const random = createRandom(seed);
        const drawn = drawTrees(random, { count, depth: 9 });
        const threshold = drawn.threshold.map(
          (at) => at + random.integer(-1, 1) * 2 ** -random.integer(20, 60),
        );
        const trees = treesSchema.parse({ ...drawn, threshold });
        const sum = createLeafSum(packTrees(trees, 0.1));
        for (let i = 0; i < 20; i++) {
          const row = Float64Array.from([0, 1, 2], () =>
            Math.fround(random.integer(-4, 4) + random.integer(-1, 1) * 2 ** -random.integer(20, 24)),
          );
          expect(sum(row, 0.25)).toBe(walkedSum({ trees, weight: 0.1 }, row, 0.25));
        }
      }),
    );
  });

  test.each([0, -0, 1e-50, -1e-50, 1e39, -1e39, 1 / 3, -1 / 3, 3.4028235e38, -3.4028235e38])(
    'compares every float32 with the threshold %d as it is',
    (at) => {
      const trees = { ...twoTrees, threshold: twoTrees.threshold.map((_, i) => (i === 0 ? at : 0)) };
      const nearest = Math.fround(at);
      const values = [0, 1e-45, -1e-45, nearest, nearest * (1 + 2 ** -23), nearest * (1 - 2 ** -23), 1, -1];
      for (const value of values.map(Math.fround).filter(Number.isFinite)) {
        const row = Float64Array.of(value, 0);
        expect(createLeafSum(packTrees(trees, 1))(row, 0)).toBe(walkedSum({ trees, weight: 1 }, row, 0));
      }
    },
  );

  test('walks trees deeper than a call stack', () => {
    const depth = 50_000;
    const nodes = Array.from({ length: 2 * depth + 1 }, (_, i) => i);
    const isLeaf = (i: number) => i % 2 === 1 || i === 2 * depth;
    const chain: Trees = {
      roots: [0],
      feature: nodes.map((i) => (isLeaf(i) ? -1 : 0)),
      threshold: nodes.map((i) => (isLeaf(i) ? 0 : i)),
      left: nodes.map((i) => (isLeaf(i) ? -1 : i + 1)),
      right: nodes.map((i) => (isLeaf(i) ? -1 : i + 2)),
      value: nodes.map((i) => (isLeaf(i) ? i : 0)),
    };
    expect(createLeafSum(packTrees(treesSchema.parse(chain), 1))(Float64Array.of(80_001), 0)).toBe(80_003);
  });

  test('refuses more features than a packed node can name', () => {
    const wide = { ...twoTrees, feature: twoTrees.feature.map((feature) => (feature === 0 ? 64 : feature)) };
    expect(() => packTrees(wide, 1)).toThrow(RangeError);
  });
});

describe('treesSchema', () => {
  const refusal = (change: Partial<Trees>) =>
    treesSchema
      .safeParse({ ...twoTrees, ...change })
      .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)[0];

  test('takes trees that can be walked', () => {
    expect(treesSchema.parse(twoTrees)).toEqual(twoTrees);
  });

  test.each<[string, Partial<Trees>, string]>([
    ['arrays of different lengths', { value: [1] }, 'value: 1 entries, expected 6, one per node'],
    ['a child that is its parent', { left: [1, -1, 2, -1, -1, -1] }, 'left.2: 2, expected a later node'],
    ['a child before its parent', { right: [2, -1, 0, -1, -1, -1] }, 'right.2: 0, expected a later node'],
    ['a child in another tree', { right: [5, -1, 4, -1, -1, -1] }, 'right.0: 5, expected a later node'],
    [
      'a child beyond the last node',
      { right: [2, -1, 99, -1, -1, -1] },
      'right.2: 99, expected a later node',
    ],
    ['a leaf with a child', { left: [1, 2, 3, -1, -1, -1] }, 'left.1: 2, expected -1'],
    ['a first root that is not 0', { roots: [1, 5] }, 'roots.0: expected roots that ascend'],
    ['roots that do not ascend', { roots: [0, 0] }, 'roots.0: expected roots that ascend'],
    ['a root beyond the last node', { roots: [0, 6] }, 'roots.1: expected roots that ascend'],
    ['a threshold that is not finite', { threshold: [Number.NaN, 0, 2, 0, 0, 0] }, 'threshold.0'],
  ])('refuses %s', (_, change, message) => {
    expect(refusal(change)).toContain(message);
  });
});
