import { describe, expect, test } from 'vitest';
import reference from '../reference/evaluation.json' with { type: 'json' };
import { stratifiedFolds } from './stratified-folds.ts';

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

  test('tests on every row once, and learns from all others', () => {
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
