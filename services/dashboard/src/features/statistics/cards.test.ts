import { describe, expect, test } from 'vitest';
import { formatSigned } from '../../ui/format-number.ts';
import { describeChange } from './cards.tsx';

const comparison = {
  durationMs: 900_000,
  format: (value: number) => `${value.toFixed(1)} °C`,
  formatChange: (difference: number) => formatSigned(difference, 1),
};

describe('describeChange', () => {
  test('names the previous value and window', () => {
    expect(describeChange(24, 23.6, comparison)).toBe('+0.4 from 23.6 °C in the previous 15 min');
    expect(describeChange(23, 23.6, comparison)).toBe('−0.6 from 23.6 °C in the previous 15 min');
  });

  test('says when the rounded values are equal', () => {
    expect(describeChange(23.61, 23.6, comparison)).toBe('Unchanged from 23.6 °C in the previous 15 min');
    expect(describeChange(23.59, 23.6, comparison)).toBe('Unchanged from 23.6 °C in the previous 15 min');
  });

  test('says when there is nothing to compare with', () => {
    expect(describeChange(24, null, comparison)).toBe('No readings in the previous 15 min to compare with');
  });
});
