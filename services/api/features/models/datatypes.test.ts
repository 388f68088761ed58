import { describe, expect, test } from 'vitest';
import { roundToFormat } from './datatypes.ts';

const float16 = { bits: 11, minExponent: -14, max: 65_504 };
const float32 = { bits: 24, minExponent: -126, max: 2 ** 128 - 2 ** 104 };

describe('roundToFormat', () => {
  // numpy.float16 of the same values.
  test.each([
    [0.1, 0.0999755859375],
    [1 + 2 ** -11, 1], // ties to even
    [1 + 3 * 2 ** -11, 1 + 2 ** -9],
    [-2049, -2048],
    [2 ** -24, 2 ** -24], // the smallest subnormal
    [2 ** -25, 0],
    [65_519, 65_504],
    [65_520, Infinity],
    [-1e9, -Infinity],
    [0.9999999, 1],
  ])('rounds %d to float16 %d', (value, rounded) => {
    expect(roundToFormat(value, float16)).toBe(rounded);
  });

  test('rounds to float32 as Math.fround does', () => {
    for (let exponent = -150; exponent < 128; exponent += 1) {
      for (const fraction of [1, 1.1, 4 / 3, 1 + 2 ** -24, 1 + 3 * 2 ** -24, 2 - 2 ** -30]) {
        const value = -fraction * 2 ** exponent;
        expect(roundToFormat(value, float32) + 0).toBe(Math.fround(value) + 0); // +0 for both zeros
      }
    }
  });
});
