import { describe, expect, test } from 'vitest';
import { loadArtifact } from '../artifact/load-artifact.ts';
import { createRandom } from '../dataset/random.ts';
import { createBitvectorSum } from './bitvector-sum.ts';
import { walkedSum } from './testing/walked-sum.ts';
import type { Trees } from './trees.ts';

/** A chain: node i sends a row left where feature 0 ≤ i + 1. */
function chainOf(leaves: number): Trees {
  const trees: Trees = { roots: [0], feature: [], threshold: [], left: [], right: [], value: [] };
  for (let i = 0; i < 2 * leaves - 1; i++) {
    const isInner = i % 2 === 0 && i < 2 * leaves - 2;
    trees.feature.push(isInner ? 0 : -1);
    trees.threshold.push(isInner ? 1 + i / 2 : 0);
    trees.left.push(isInner ? i + 1 : -1);
    trees.right.push(isInner ? i + 2 : -1);
    trees.value.push(isInner ? 0 : Math.floor(i / 2));
  }
  return trees;
}

describe('createBitvectorSum', () => {
  test('finds each of eight leaves, on a threshold and beside it', () => {
    const sum = createBitvectorSum(chainOf(8), 1);
    const reached = [0.5, 1, 1.5, 2, 3, 6.5, 7, 7.5].map((value) => sum?.(Float64Array.of(value), 0));
    expect(reached).toEqual([0, 0, 1, 1, 2, 6, 6, 7]);
  });

  test('does not support larger trees', () => {
    expect(createBitvectorSum(chainOf(9), 1)).toBeUndefined();
  });

  test('sums trees that are leaves only', () => {
    const leaf = { roots: [0, 1], feature: [-1, -1], threshold: [0, 0], left: [-1, -1], right: [-1, -1] };
    expect(createBitvectorSum({ ...leaf, value: [3, 4] }, 2)?.(new Float64Array(1), 1)).toBe(15);
  });

  test('equals a plain walk of the committed model, to the last bit, on thresholds too', async () => {
    const path = new URL('../artifacts/gradient-boosting.json', import.meta.url).pathname;
    const { classifier } = (await loadArtifact(path)).artifact;
    if (classifier.family !== 'gradient-boosting') throw new Error('expected gradient boosting');
    const { trees } = classifier;
    const random = createRandom(4);
    const sum = createBitvectorSum(trees, 0.1);
    for (let i = 0; i < 5000; i++) {
      const row = Float64Array.from([0, 1, 2], () =>
        random.uniform() < 0.3
          ? trees.threshold[random.integer(0, trees.threshold.length - 1)]
          : random.normal(0, 2),
      );
      expect(sum?.(row, 0.25)).toBe(walkedSum({ trees, weight: 0.1 }, row, 0.25));
    }
  });
});
