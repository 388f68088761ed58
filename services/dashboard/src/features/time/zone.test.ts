import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createZone, fromWallMs, isZoneName, toOffsetText, toWallMs, type Zone } from './zone.ts';

const hourMs = 3_600_000;

/** Times at which clocks change, and by how much. */
const changes = [
  { zone: 'Europe/Berlin', at: '2026-03-29T01:00:00Z', byMs: hourMs },
  { zone: 'Europe/Berlin', at: '2026-10-25T01:00:00Z', byMs: -hourMs },
  { zone: 'America/New_York', at: '2026-03-08T07:00:00Z', byMs: hourMs },
  { zone: 'America/New_York', at: '2026-11-01T06:00:00Z', byMs: -hourMs },
  { zone: 'Australia/Lord_Howe', at: '2026-10-03T15:30:00Z', byMs: hourMs / 2 },
];

/** The wall-clock time as formatted by Intl. */
function formatWall(timeMs: number, name: string): string {
  const options = { timeZone: name, dateStyle: 'short', timeStyle: 'medium' } as const;
  return new Intl.DateTimeFormat('sv-SE', options).format(timeMs);
}

function showWall(timeMs: number, zone: Zone): string {
  return new Date(toWallMs(timeMs, zone)).toISOString().slice(0, 19).replace('T', ' ');
}

describe.each(changes)('a zone around a change of clocks: $zone $at', ({ zone: name, at, byMs }) => {
  const zone = createZone(name);
  const changeMs = Date.parse(at);
  const near = fc.integer({ min: -6 * hourMs, max: 6 * hourMs }).map((offset) => changeMs + offset);

  test('matches Intl', () => {
    const property = fc.property(near, (timeMs) => {
      expect(showWall(timeMs, zone)).toBe(formatWall(timeMs, name));
    });
    fc.assert(property);
  });

  test('inverts, except for the second of two equal wall-clock times', () => {
    const property = fc.property(near, (timeMs) => {
      const again = fromWallMs(toWallMs(timeMs, zone), zone);
      const isSecond = byMs < 0 && timeMs >= changeMs && timeMs < changeMs - byMs;
      expect(again).toBe(isSecond ? timeMs + byMs : timeMs);
    });
    fc.assert(property);
  });
});

test.each(changes.filter(({ byMs }) => byMs > 0))(
  'a skipped wall-clock time is moved later: $zone $at',
  ({ zone: name, at, byMs }) => {
    const zone = createZone(name);
    const changeMs = Date.parse(at);
    const property = fc.property(fc.integer({ min: 0, max: byMs - 1 }), (offset) => {
      const skippedWallMs = toWallMs(changeMs - 1, zone) + 1 + offset;
      expect(fromWallMs(skippedWallMs, zone)).toBe(changeMs + offset);
    });
    fc.assert(property);
  },
);

test('a zone matches Intl at any time', () => {
  const names = ['Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia', 'UTC'];
  const zones = new Map(names.map((name) => [name, createZone(name)]));
  const time = fc.integer({ min: Date.UTC(1975, 0), max: Date.UTC(2090, 0) });
  const property = fc.property(time, fc.constantFrom(...zones), (timeMs, [name, zone]) => {
    expect(showWall(timeMs, zone)).toBe(formatWall(timeMs, name));
  });
  fc.assert(property, { numRuns: 300 });
});

test('isZoneName accepts local and names known to Intl', () => {
  expect(['local', 'UTC', 'Europe/Berlin'].map(isZoneName)).toEqual([true, true, true]);
  expect(['', 'Mars/Olympus', 'utc+25'].map(isZoneName)).toEqual([false, false, false]);
});

test('toOffsetText has a sign, hours and minutes', () => {
  const at = Date.parse('2026-07-01T00:00:00Z');
  const texts = ['Asia/Kathmandu', 'America/St_Johns', 'UTC'].map((name) =>
    toOffsetText(at, createZone(name)),
  );
  expect(texts).toEqual(['UTC+05:45', 'UTC−02:30', 'UTC']);
});
