import { describe, expect, test } from 'vitest';
import { hasErrors, parseRangeFilter } from './parse-range-filter.ts';

describe('parseRangeFilter', () => {
  test('parses numbers with a decimal point or comma', () => {
    expect(parseRangeFilter({ min: ' 24.1', max: '25,5' })).toEqual({ min: 24.1, max: 25.5, errors: {} });
    expect(parseRangeFilter({ min: '−3', max: '1e2' })).toEqual({ min: -3, max: 100, errors: {} });
  });

  test('treats an empty field as no bound', () => {
    expect(parseRangeFilter({ min: '', max: ' ' })).toEqual({ min: undefined, max: undefined, errors: {} });
  });

  test('names the field that is not a number', () => {
    for (const text of ['warm', '1.2.3', '--1', '1e', '0x10', '1e999', 'NaN']) {
      const result = parseRangeFilter({ min: text, max: '1' });
      expect(result.errors.min).toContain('not a number');
      expect(hasErrors(result)).toBe(true);
    }
  });

  test('rejects a maximum below the minimum', () => {
    expect(parseRangeFilter({ min: '2', max: '1' }).errors.max).toContain('below');
    expect(hasErrors(parseRangeFilter({ min: '2', max: '2' }))).toBe(false);
  });
});
