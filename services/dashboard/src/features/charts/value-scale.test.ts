import { describe, expect, test } from 'vitest';
import { toValueScale } from './value-scale.ts';

describe('toValueScale', () => {
  test('adds padding and rounds the ends', () => {
    expect(toValueScale([20.3, 28.7])).toEqual({ low: 20, high: 30, ticks: [20, 25, 30] });
    expect(toValueScale([33, 97])).toEqual({ low: 30, high: 100, ticks: [40, 60, 80, 100] });
  });

  test('does not move with small changes', () => {
    expect(toValueScale([20.4, 28.7])).toEqual(toValueScale([20.5, 29.1]));
  });

  test('pads a single value', () => {
    const { low, high } = toValueScale([24]);
    expect(low).toBeLessThanOrEqual(24);
    expect(high).toBeGreaterThan(24);
  });

  test('ignores missing values, and shows a small range if it may', () => {
    expect(toValueScale([null, 24, null])).toEqual(toValueScale([24]));
    const { low, high } = toValueScale([0.02, 0.05], { least: 0.01 });
    expect([low, high]).toEqual([0.015, 0.055]);
  });

  test('handles negative values and no values', () => {
    expect(toValueScale([-12, 3])).toEqual({ low: -12.5, high: 5, ticks: [-10, -5, 0, 5] });
    expect(toValueScale([])).toEqual({ low: 0, high: 1, ticks: [0, 1] });
  });
});
