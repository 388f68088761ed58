import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import reference from '../reference/evaluation.json' with { type: 'json' };
import { stratifiedFolds, stratifiedSplit } from './stratified-split.ts';

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

describe('stratifiedFolds', () => {
  const labels = Uint8Array.from({ length: 103 }, (_, i) => (i % 5 < 2 ? 1 : 0));

  test.each(reference.folds)(
    'tests on as many rows of each label as StratifiedKFold: $folds folds',
    ({ labels, folds, tested }) => {
      const splits = stratifiedFolds(Uint8Array.from(labels), { folds, seed: 0 });
      const counts = splits.map(({ test: rows }) =>
        [0, 1].map((label) => rows.filter((row) => labels[row] === label).length),
      );
      expect(counts).toEqual(tested);
    },
  );

  test('puts every row in one test set and in all other training sets', () => {
    const splits = stratifiedFolds(labels, { folds: 5, seed: 3 });
    const tested = splits.flatMap(({ test: rows }) => Array.from(rows)).sort((a, b) => a - b);
    expect(tested).toEqual(Array.from(labels.keys()));
    for (const { train, test: rows } of splits) {
      expect([...train, ...rows].sort((a, b) => a - b)).toEqual(tested);
    }
  });

  test('draws the same rows for the same seed, others for another', () => {
    const draw = (seed: number) => stratifiedFolds(labels, { folds: 5, seed });
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  test('refuses a label with fewer rows than folds, and a single fold', () => {
    expect(() => stratifiedFolds(Uint8Array.of(0, 0, 0, 1, 1), { folds: 3, seed: 0 })).toThrow(
      'label 1 has 2 rows, expected one for each of 3 folds',
    );
    expect(() => stratifiedFolds(labels, { folds: 1, seed: 0 })).toThrow('1 folds: expected at least 2');
  });
});
