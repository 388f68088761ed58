import { describe, expect, test } from 'vitest';
import { noConfusion, toFigures } from './confusion.ts';

describe('toFigures', () => {
  test('computes accuracy, precision, recall and F1', () => {
    const figures = toFigures({
      true_negative: 50,
      false_positive: 10,
      false_negative: 5,
      true_positive: 35,
    });
    expect(figures).toEqual({ accuracy: 0.85, precision: 35 / 45, recall: 0.875, f1: 70 / 85 });
  });

  test('returns null instead of 0 / 0', () => {
    expect(toFigures(noConfusion)).toEqual({ accuracy: null, precision: null, recall: null, f1: null });
    const figures = toFigures({ ...noConfusion, true_negative: 3, false_negative: 1 });
    expect(figures).toEqual({ accuracy: 0.75, precision: null, recall: 0, f1: 0 });
  });
});
