import { describe, expect, test } from 'vitest';
import { describeChange } from './describe-change.ts';

const common = { durationMs: 900_000, digits: 1, format: (value: number) => `${value.toFixed(1)} °C` };

describe('describeChange', () => {
  test('says from what, and of which window', () => {
    expect(describeChange({ ...common, now: 24, before: 23.6 })).toBe(
      '+0.4 from 23.6 °C of the 15 min before',
    );
    expect(describeChange({ ...common, now: 23, before: 23.6 })).toBe(
      '−0.6 from 23.6 °C of the 15 min before',
    );
  });

  test('has a unit of its own where the figures have another', () => {
    const format = (value: number) => `${value.toFixed(1)} %`;
    expect(describeChange({ ...common, now: 12.5, before: 20, format, unit: 'points' })).toBe(
      '−7.5 points from 20.0 % of the 15 min before',
    );
  });

  test('says where nothing changed as far as it is shown', () => {
    expect(describeChange({ ...common, now: 23.61, before: 23.6 })).toBe(
      'The same as the 23.6 °C of the 15 min before',
    );
  });

  test('says where there is nothing to compare with', () => {
    expect(describeChange({ ...common, now: 24, before: null })).toBe(
      'Nothing in the 15 min before to compare with',
    );
  });
});
