import { describe, expect, test } from 'vitest';
import { toSparkline } from './sparkline.tsx';

describe('toSparkline', () => {
  test('puts the lowest value at the bottom and the highest at the top', () => {
    expect(toSparkline([10, 20, 15], 40)).toBe('M0 40.0L1 0.0L2 20.0');
  });

  test('is interrupted at missing values', () => {
    expect(toSparkline([1, 2, null, 3, null], 40)).toBe('M0 40.0L1 20.0M2.7 0.0h0.6');
  });

  test('is level for equal values, and empty without values', () => {
    expect(toSparkline([5, 5], 40)).toBe('M0 20.0L1 20.0');
    expect(toSparkline([null], 40)).toBe('');
  });
});
