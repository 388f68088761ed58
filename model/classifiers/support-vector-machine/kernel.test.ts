import { describe, expect, test } from 'vitest';
import { expOfNegative } from './kernel.ts';

describe('expOfNegative', () => {
  test.each([1e-17, 1e-4, 1, 10, 700])('is exp in steps of %d thousandths', (width) => {
    for (let i = 0; i <= 1000; i++) {
      const exponent = -(i / 1000) * width;
      const expected = Math.exp(exponent);
      expect(Math.abs(expOfNegative(exponent) - expected)).toBeLessThanOrEqual(5e-16 * expected);
    }
  });

  test('is 1 at 0, and 0 where float64 ends', () => {
    expect([expOfNegative(0), expOfNegative(-0), expOfNegative(-1e-300)]).toEqual([1, 1, 1]);
    expect([expOfNegative(-746), expOfNegative(-1e300), expOfNegative(Number.NEGATIVE_INFINITY)]).toEqual([
      0, 0, 0,
    ]);
    expect(expOfNegative(-745)).toBe(Number.MIN_VALUE);
  });
});
