import { describe, expect, test } from 'vitest';
import { formatDuration } from './format-duration.ts';
import {
  formatAmount,
  formatCount,
  formatDecimal,
  formatMeasure,
  formatPercent,
  formatSigned,
} from './format-number.ts';

describe('formatCount', () => {
  test('groups thousands with a narrow no-break space', () => {
    expect([0, 999, 1000, 12_340, 1_234_567].map(formatCount)).toEqual([
      '0',
      '999',
      '1\u202f000',
      '12\u202f340',
      '1\u202f234\u202f567',
    ]);
  });
});

describe('formatDecimal', () => {
  test('rounds and uses a real minus sign', () => {
    expect(formatDecimal(24.06)).toBe('24.1');
    expect(formatDecimal(-3.25, 2)).toBe('−3.25');
  });

  test('has no negative zero', () => {
    expect(formatDecimal(-0.01)).toBe('0.0');
  });
});

test('formatSigned shows the sign, but none for zero', () => {
  expect([0.3121, -0.0444, 0, 0.0004, -0.0004].map((value) => formatSigned(value, 3))).toEqual([
    '+0.312',
    '−0.044',
    '0.000',
    '0.000',
    '0.000',
  ]);
});

test('formatMeasure keeps one to three decimals', () => {
  expect([24, 24.06, 24.125, -0.5, 100, 24.1004].map(formatMeasure)).toEqual([
    '24.0',
    '24.06',
    '24.125',
    '−0.5',
    '100.0',
    '24.1',
  ]);
});

describe('formatPercent', () => {
  test('never rounds to 0 % or 100 %', () => {
    expect([0, 0.0001, 0.034, 0.9995, 1].map(formatPercent)).toEqual([
      '0.0 %',
      '< 0.1 %',
      '3.4 %',
      '> 99.9 %',
      '100.0 %',
    ]);
  });
});

test('formatAmount chooses the plural', () => {
  expect(formatAmount(1, 'reading')).toBe('1 reading');
  expect(formatAmount(2340, 'anomaly')).toBe('2\u202f340 anomalies');
});

describe('formatDuration', () => {
  test('keeps the two largest units', () => {
    const texts = [0, 2400, 65_000, 120_000, 7_440_000, 86_400_000, 273_600_000].map(formatDuration);
    expect(texts).toEqual(['0 s', '2 s', '1 min 5 s', '2 min', '2 h 4 min', '1 day', '3 days 4 h']);
  });

  test('is zero for a time in the future', () => {
    expect(formatDuration(-5000)).toBe('0 s');
  });
});
