import { describe, expect, test } from 'vitest';
import { describeChange } from './describe-change.ts';

const common = { durationMs: 900_000, digits: 1, format: (value: number) => `${value.toFixed(1)} °C` };

describe('describeChange', () => {
  test('names the previous value and window', () => {
    expect(describeChange({ ...common, now: 24, before: 23.6 })).toBe(
      '+0.4 from 23.6 °C in the previous 15 min',
    );
    expect(describeChange({ ...common, now: 23, before: 23.6 })).toBe(
      '−0.6 from 23.6 °C in the previous 15 min',
    );
  });

  test('uses its own unit for the change', () => {
    const format = (value: number) => `${value.toFixed(1)} %`;
    expect(describeChange({ ...common, now: 12.5, before: 20, format, unit: 'points' })).toBe(
      '−7.5 points from 20.0 % in the previous 15 min',
    );
  });

  test('says when the rounded values are equal', () => {
    expect(describeChange({ ...common, now: 23.61, before: 23.6 })).toBe(
      'Unchanged from 23.6 °C in the previous 15 min',
    );
  });

  test('says when there is nothing to compare with', () => {
    expect(describeChange({ ...common, now: 24, before: null })).toBe(
      'No readings in the previous 15 min to compare with',
    );
  });
});
