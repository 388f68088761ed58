import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import reference from '../reference/metrics.json' with { type: 'json' };
import { evaluate, rocAuc } from './evaluate.ts';

describe('evaluate', () => {
  test('counts by hand', () => {
    const metrics = evaluate(Uint8Array.of(0, 0, 1, 1, 1), Float64Array.of(0.1, 0.6, 0.5, 0.7, 0.9), 0.5);
    expect(metrics).toEqual({
      rows: 5,
      accuracy: 3 / 5,
      precision: 2 / 3,
      recall: 2 / 3,
      f1: 2 / 3,
      roc_auc: 5 / 6,
      confusion: { true_negatives: 1, false_positives: 1, false_negatives: 1, true_positives: 2 },
    });
  });

  test.each(reference.cases)('agrees with scikit-learn: $name', ({ labels, scores, metrics }) => {
    const ours = evaluate(Uint8Array.from(labels), Float64Array.from(scores), 0.5);
    expect(ours.confusion).toEqual(metrics.confusion);
    for (const name of ['rows', 'accuracy', 'precision', 'recall', 'f1', 'roc_auc'] as const) {
      expect(Math.abs(ours[name] - metrics[name])).toBeLessThan(1e-12);
    }
  });
});

describe('rocAuc', () => {
  const labeled = fc.array(fc.tuple(fc.constantFrom(0, 1), fc.integer({ min: 0, max: 9 })), {
    maxLength: 40,
  });

  test('is the share of pairs in the right order, a tie counting half', () => {
    fc.assert(
      fc.property(labeled, (drawn) => {
        const rows = [[0, 3], [1, 5], ...drawn];
        const scoresOf = (wanted: number) =>
          rows.filter(([label]) => label === wanted).map(([, score]) => score);
        const pairs = scoresOf(1).flatMap((one) =>
          scoresOf(0).map((zero) => (Math.sign(one - zero) + 1) / 2),
        );
        const share = pairs.reduce((sum, pair) => sum + pair, 0) / pairs.length;
        const auc = rocAuc(
          Uint8Array.from(rows, ([label]) => label),
          Float64Array.from(rows, ([, score]) => score),
        );
        expect(auc).toBeCloseTo(share, 12);
      }),
    );
  });

  test.each([
    { what: 'one class only', labels: [1, 1], scores: [0.1, 0.2], message: 'no row has the label 0' },
    { what: 'different lengths', labels: [0, 1], scores: [0.1], message: '2 labels, 1 scores' },
    { what: 'a score of NaN', labels: [0, 1], scores: [0.1, Number.NaN], message: 'not a finite number' },
  ])('refuses $what', ({ labels, scores, message }) => {
    expect(() => rocAuc(Uint8Array.from(labels), Float64Array.from(scores))).toThrow(message);
  });
});
