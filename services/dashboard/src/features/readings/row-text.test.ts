import { describe, expect, test } from 'vitest';
import { createZone } from '../time/zone.ts';
import { describeRows, toTimeText } from './row-text.ts';

test('toTimeText has milliseconds, in the time zone', () => {
  const berlin = createZone('Europe/Berlin');
  expect(toTimeText('2026-11-22T23:00:00.007Z', berlin)).toBe('2026-11-23 00:00:00.007');
  expect(toTimeText('2026-07-01T10:00:00.900Z', createZone('UTC'))).toBe('2026-07-01 10:00:00.900');
});

describe('describeRows', () => {
  const shown = { first: 50, last: 63, total: 2340, totalLimit: 10_000 };

  test('counts from one', () => {
    expect(describeRows(shown)).toBe('51–64 of 2\u202f340');
  });

  test('says when the server stopped counting', () => {
    expect(describeRows({ ...shown, total: 10_000 })).toBe('51–64 of 10\u202f000+');
  });

  test('handles an empty table', () => {
    expect(describeRows({ ...shown, first: 0, last: -1, total: 0 })).toBe('0 of 0');
  });
});
