import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stratifiedSplit } from './stratified-split.ts';

const shareOfOnes = (labels: Uint8Array) => labels.reduce((sum, label) => sum + label, 0) / labels.length;

describe('stratifiedSplit', () => {
  const labels = Uint8Array.from({ length: 1000 }, (_, i) => (i % 5 < 2 ? 1 : 0));

  test('keeps the proportion of the labels', () => {
    const { train, test: held } = stratifiedSplit(labels, { testShare: 0.2, seed: 1 });
    expect([train.length, held.length]).toEqual([800, 200]);
    expect(shareOfOnes(Uint8Array.from(held, (row) => labels[row]))).toBe(0.4);
  });

  test('puts every row on exactly one side, and the same rows for the same seed', () => {
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: 0.01, max: 0.99, noNaN: true }), (seed, testShare) => {
        const split = stratifiedSplit(labels, { testShare, seed });
        const rows = [...split.train, ...split.test].sort((a, b) => a - b);
        expect(rows).toEqual(Array.from(labels.keys()));
        expect(stratifiedSplit(labels, { testShare, seed })).toEqual(split);
      }),
    );
  });

  test('draws other rows for another seed', () => {
    const drawn = [1, 2].map((seed) => stratifiedSplit(labels, { testShare: 0.2, seed }).test);
    expect(drawn[0]).not.toEqual(drawn[1]);
  });

  test('leaves each side a row of each label', () => {
    const { train, test: held } = stratifiedSplit(Uint8Array.of(0, 0, 1, 1), { testShare: 0.01, seed: 0 });
    expect([train.length, held.length]).toEqual([2, 2]);
  });

  test('refuses a label with one row, and a share that leaves nothing', () => {
    expect(() => stratifiedSplit(Uint8Array.of(0, 0, 1), { testShare: 0.2, seed: 0 })).toThrow(
      'label 1 has 1 rows',
    );
    expect(() => stratifiedSplit(labels, { testShare: 1, seed: 0 })).toThrow('test share 1');
  });
});
