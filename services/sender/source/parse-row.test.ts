import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTimestamp } from './parse-row.ts';

describe('parseTimestamp', () => {
  test.each([
    ['2026-01-01T01:00:00+01:00', '2026-01-01T00:00:00.000Z'],
    ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000Z'],
    ['2026-01-01 00:00', '2026-01-01T00:00:00.000Z'],
    ['2026-01-01 12:34:56.5', '2026-01-01T12:34:56.500Z'],
    ['1767225600', '2026-01-01T00:00:00.000Z'],
    ['1767225600123', '2026-01-01T00:00:00.123Z'],
  ])('reads %s', (text, expected) => {
    expect(new Date(parseTimestamp(text)).toISOString()).toBe(expected);
  });

  test.each([
    '',
    'yesterday',
    '2026-02-30T00:00:00Z',
    '2026-13-01 00:00',
    '2026-01-01 24:00',
    '2026-01-01T24:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-01-01T00:60:00Z',
    '12',
    '1969-12-31T23:59:59Z',
  ])('refuses %j', (text) => {
    expect(parseTimestamp(text)).toBeNaN();
  });

  test('gives back every time that it is given', () => {
    const times = fc.date({ min: new Date(0), max: new Date('9998-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(times, (time) => {
        expect(parseTimestamp(time.toISOString())).toBe(time.getTime());
      }),
    );
  });
});
