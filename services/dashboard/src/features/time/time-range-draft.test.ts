import { describe, expect, test } from 'vitest';
import { parseTimeRange } from './time-range-draft.ts';
import { createZone } from './zone.ts';

const here = { zone: createZone('Europe/Berlin'), nowMs: Date.parse('2026-11-22T11:00:00.000Z') };

function errorsOf(from: string, to: string) {
  const result = parseTimeRange({ from, to }, here);
  return 'errors' in result ? result.errors : {};
}

function windowOf(from: string, to: string) {
  const result = parseTimeRange({ from, to }, here);
  return 'window' in result ? [result.window.from, result.window.to] : result;
}

describe('parseTimeRange', () => {
  test('converts times of the time zone to UTC', () => {
    expect(windowOf('2026-11-22T10:00:00', '2026-11-22 11:30:05')).toEqual([
      '2026-11-22T09:00:00.000Z',
      '2026-11-22T10:30:05.000Z',
    ]);
  });

  test('includes the whole day if the end is a day, and today until now', () => {
    expect(windowOf('2026-11-20', '2026-11-20')).toEqual([
      '2026-11-19T23:00:00.000Z',
      '2026-11-20T23:00:00.000Z',
    ]);
    expect(windowOf('yesterday', 'today')).toEqual(['2026-11-20T23:00:00.000Z', '2026-11-22T11:00:00.000Z']);
  });

  test('requires a start, and ends now by default', () => {
    expect(errorsOf('', '2026-11-22T11:00:00').from).toContain('missing');
    expect(windowOf('-1h', ' ')).toEqual(['2026-11-22T10:00:00.000Z', '2026-11-22T11:00:00.000Z']);
    expect(Object.values(errorsOf('', ''))).toHaveLength(2);
  });

  test('requires the start to be before the end', () => {
    expect(errorsOf('2026-11-22T11:00:00', '2026-11-22T10:00:00').from).toContain('before');
    expect(errorsOf('2026-11-22T11:00:00', '2026-11-22T11:00:00').from).toContain('before');
  });

  test('rejects the future', () => {
    expect(errorsOf('11:00', '12:00:01').to).toContain('future');
    expect(errorsOf('11:00', '12:00:00')).toEqual({});
  });

  test('shows examples for an invalid time', () => {
    expect(errorsOf('last Tuesday', '-1h').from).toContain('Examples');
    expect(errorsOf('03/04/2026', '-1h').from).toContain('year-month-day');
    expect(errorsOf('1066-10-14', '-1h').from).toContain('invalid year');
  });
});
