import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toInputText } from './format-time.ts';
import { parseTimeText } from './parse-time-text.ts';
import { createZone } from './zone.ts';

const zone = createZone('Europe/Berlin');
const nowMs = Date.parse('2026-11-22T11:00:00.000Z');

function read(text: string): string | null {
  const parsed = parseTimeText(text, { zone, nowMs });
  return parsed === null ? null : new Date(parsed.timeMs).toISOString();
}

describe('parseTimeText', () => {
  test.each([
    ['2026-11-22 10:30', '2026-11-22T09:30:00.000Z'],
    ['2026-11-22T10:30:05.25', '2026-11-22T09:30:05.250Z'],
    ['  2026/1/2   9:30 ', '2026-01-02T08:30:00.000Z'],
    ['22.11.2026 10:30', '2026-11-22T09:30:00.000Z'],
    ['22 November 2026, 10:30', '2026-11-22T09:30:00.000Z'],
    ['Nov 22, 2026 2:30 pm', '2026-11-22T13:30:00.000Z'],
    ['Aug 1 2026', '2026-07-31T22:00:00.000Z'],
    ['2026-11-22T10:30:00Z', '2026-11-22T10:30:00.000Z'],
    ['2026-11-22 10:30+05:30', '2026-11-22T05:00:00.000Z'],
    ['2026-11-22 10:30 UTC', '2026-11-22T10:30:00.000Z'],
    ['10:30', '2026-11-22T09:30:00.000Z'],
    ['9am', '2026-11-22T08:00:00.000Z'],
    ['today', '2026-11-21T23:00:00.000Z'],
    ['yesterday 14:00', '2026-11-21T13:00:00.000Z'],
    ['now', '2026-11-22T11:00:00.000Z'],
    ['now-15m', '2026-11-22T10:45:00.000Z'],
    ['-2h', '2026-11-22T09:00:00.000Z'],
    ['3 days ago', '2026-11-19T11:00:00.000Z'],
    ['1795345200', '2026-11-22T11:00:00.000Z'],
    ['1795345200000', '2026-11-22T11:00:00.000Z'],
  ])('parses %s', (text, utc) => {
    expect(read(text)).toBe(utc);
  });

  test.each([
    '',
    'soon',
    '2026-13-01',
    '2026-02-30 10:00',
    '25:00',
    '10:75',
    '11/22/2026',
    '13 pm',
    '7',
    '-3 moons',
  ])('rejects %s', (text) => {
    expect(read(text)).toBeNull();
  });

  test('never throws', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[0-9:tz+apm .,-]{0,25}$/));
    fc.assert(
      fc.property(text, (typed) => {
        expect(() => read(typed)).not.toThrow();
      }),
    );
  });

  test('parses the output of toInputText, in any zone, also while clocks change', () => {
    const names = [
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
      'UTC',
      'local',
    ];
    const zones = names.map(createZone);
    const around = ['2026-03-29T01:00Z', '2026-10-25T01:00Z', '2026-03-08T07:00Z', '2026-11-01T06:00Z'];
    const time = fc.oneof(
      fc.integer({ min: Date.UTC(1975, 0), max: Date.UTC(2090, 0) }),
      fc
        .tuple(fc.constantFrom(...around), fc.integer({ min: -10_800_000, max: 10_800_000 }))
        .map(([change, offset]) => Date.parse(change) + offset),
    );
    const property = fc.property(time, fc.constantFrom(...zones), (timeMs, shownIn) => {
      const text = toInputText(new Date(timeMs).toISOString(), shownIn);
      expect(parseTimeText(text, { zone: shownIn, nowMs })?.timeMs).toBe(Math.floor(timeMs / 1000) * 1000);
    });
    fc.assert(property, { numRuns: 500 });
  });
});
