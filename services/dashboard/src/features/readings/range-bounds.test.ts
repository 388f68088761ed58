import type { Feature } from '@sensor-sentinel/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRange, toShownValue, toSoughtBounds } from './range-bounds.ts';

describe('parseRange', () => {
  test('parses numbers with a decimal point or comma', () => {
    expect(parseRange({ min: ' 24.1', max: '25,5' })).toEqual({ min: 24.1, max: 25.5, fault: null });
    expect(parseRange({ min: '−3', max: '1e2' })).toEqual({ min: -3, max: 100, fault: null });
  });

  test('treats an empty field as no limit', () => {
    expect(parseRange({ min: '', max: ' ' })).toEqual({ min: undefined, max: undefined, fault: null });
  });

  test.each(['warm', '1.2.3', '--1', '1e', '0x10', '1e999', 'NaN'])('names the field with %s', (text) => {
    expect(parseRange({ min: text, max: '1' }).fault).toEqual({
      side: 'min',
      text: 'Minimum is not a number',
    });
    expect(parseRange({ min: '1', max: text }).fault?.side).toBe('max');
  });

  test('rejects a maximum below the minimum', () => {
    expect(parseRange({ min: '2', max: '1' }).fault?.text).toBe('Maximum is below minimum');
    expect(parseRange({ min: '2', max: '2' }).fault).toBeNull();
  });
});

function featureOf(decimals: number | null): Feature {
  return { name: 't', title: 'T', unit: '', min: null, max: null, decimals };
}

function findsOf(range: { min: number; max: number }, decimals: number | null) {
  const bounds = toSoughtBounds({ t_min: range.min, t_max: range.max }, [featureOf(decimals)]);
  const { t_min = Number.NaN, t_max = Number.NaN } = bounds;
  return (value: number) => value >= t_min && value <= t_max;
}

describe('toSoughtBounds', () => {
  test.each([
    { range: [24.1, 24.1], decimals: null, finds: [24.06, 24.1, 24.14], leaves: [24.04, 24.16] },
    { range: [24, 25], decimals: 0, finds: [23.5, 25.49], leaves: [23.49, 25.5] },
    { range: [0.05, 0.05], decimals: null, finds: [0.05, 0.05004, 0.04996], leaves: [0.0501, 0.0499] },
    { range: [1, 1], decimals: null, finds: [0.9996, 1.04], leaves: [0.9994, 1.06] },
    { range: [-24.1, -24.1], decimals: null, finds: [-24.06, -24.14], leaves: [-24.04, -24.16] },
    { range: [0, 0], decimals: null, finds: [0, -0, 1e-11], leaves: [0.04, -0.04] },
    { range: [0, 0], decimals: 2, finds: [0.004, -0.004], leaves: [0.006, -0.006] },
    // More decimals than are shown: exactly.
    { range: [24.06, 24.06], decimals: null, finds: [24.06], leaves: [24.061, 24.059, 24.1] },
    { range: [1e16, 1e16], decimals: null, finds: [1e16], leaves: [1e16 + 2, 1e16 - 2] },
  ])('from $range.0 to $range.1 with $decimals decimals', ({ range, decimals, finds, leaves }) => {
    const [min = Number.NaN, max = Number.NaN] = range;
    const isFound = findsOf({ min, max }, decimals);
    expect(finds.filter((value) => !isFound(value))).toEqual([]);
    expect(leaves.filter(isFound)).toEqual([]);
  });

  test('finds exactly what is shown within the range', () => {
    const numbers = fc.oneof(
      fc.double({ min: -100, max: 100, noNaN: true }),
      fc.double({ min: -0.1, max: 1.1, noNaN: true }),
    );
    const digits = fc.option(fc.integer({ min: 0, max: 6 }));
    fc.assert(
      fc.property(numbers, numbers, digits, (value, other, decimals) => {
        const shown = [value, other].map((one) => toShownValue(one, { decimals })).toSorted((a, b) => a - b);
        const [min = 0, max = 0] = shown;
        const isWithin = (one: number) =>
          toShownValue(one, { decimals }) >= min && toShownValue(one, { decimals }) <= max;
        const isFound = findsOf({ min, max }, decimals);
        for (const nearby of [value, other, min - 0.05, min - 0.049, max + 0.05, max + 0.051, value * 1.0005])
          expect(isFound(nearby)).toBe(isWithin(nearby));
      }),
      { numRuns: 2000 },
    );
  });

  test('rounds scores to three decimals, and leaves out limits of other types', () => {
    const { score_min, ...others } = toSoughtBounds({ score_min: 0.5, foreign_max: 3 }, [featureOf(null)]);
    expect(score_min).toBeCloseTo(0.4995, 12);
    expect(others).toEqual({});
  });
});
