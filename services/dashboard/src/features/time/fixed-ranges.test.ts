import { expect, test } from 'vitest';
import { listFixedRanges } from './fixed-ranges.ts';
import { createZone } from './zone.ts';

const berlin = createZone('Europe/Berlin');

function listAt(now: string) {
  const ranges = listFixedRanges(berlin, Date.parse(now));
  return Object.fromEntries(ranges.map(({ title, window: { from, to } }) => [title, [from, to]]));
}

test('last night is from 18:00 to 06:00, and days begin at midnight, on the clock of the zone', () => {
  expect(listAt('2026-11-22T11:20:30.000Z')).toEqual({
    'Last night': ['2026-11-21T17:00:00.000Z', '2026-11-22T05:00:00.000Z'],
    Today: ['2026-11-21T23:00:00.000Z', '2026-11-22T11:20:30.000Z'],
    Yesterday: ['2026-11-20T23:00:00.000Z', '2026-11-21T23:00:00.000Z'],
  });
});

test('before 06:00, the last night lasts until now', () => {
  expect(listAt('2026-11-22T02:30:00.000Z')['Last night']).toEqual([
    '2026-11-21T17:00:00.000Z',
    '2026-11-22T02:30:00.000Z',
  ]);
});

test('a night in which clocks change has the same times on the clock', () => {
  expect(listAt('2026-03-29T10:00:00.000Z')['Last night']).toEqual([
    '2026-03-28T17:00:00.000Z',
    '2026-03-29T04:00:00.000Z',
  ]);
});

test('at midnight, today has a second', () => {
  expect(listAt('2026-11-21T23:00:00.000Z').Today).toEqual([
    '2026-11-21T23:00:00.000Z',
    '2026-11-21T23:00:01.000Z',
  ]);
});
