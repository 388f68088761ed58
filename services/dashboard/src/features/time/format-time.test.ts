import { expect, test } from 'vitest';
import { describeWindow, toDateTimeText, toShortText, toZoneText } from './format-time.ts';
import { createZone } from './zone.ts';

const berlin = createZone('Europe/Berlin');

test('toShortText omits the date on the same day in the time zone', () => {
  const now = new Date('2026-11-22T22:30:00.000Z');
  expect(toShortText(new Date('2026-11-21T23:08:07.000Z'), now, berlin)).toBe('00:08:07');
  expect(toShortText(new Date('2026-11-21T22:08:07.000Z'), now, berlin)).toBe('2026-11-21 23:08:07');
  expect(toDateTimeText(now, berlin)).toBe('2026-11-22 23:30:00');
});

test('toZoneText names the zone and its offset', () => {
  expect(toZoneText(createZone('UTC'), new Date('2026-07-01T00:00:00Z'))).toBe('UTC');
  expect(toZoneText(berlin, new Date('2026-07-01T00:00:00Z'))).toBe('Europe/Berlin (UTC+02:00)');
  expect(toZoneText(createZone('Europe/London'), new Date('2026-01-01T00:00:00Z'))).toBe(
    'Europe/London (UTC)',
  );
  expect(toZoneText(createZone('America/New_York'), new Date('2026-01-01T00:00:00Z'))).toBe(
    'America/New_York (UTC−05:00)',
  );
});

test('describeWindow omits a second date that is the same, and seconds that are zero', () => {
  const describe = (from: string, to: string) => describeWindow({ from, to }, berlin);
  expect(describe('2026-07-01T08:00:00.000Z', '2026-07-01T10:00:00.000Z')).toBe('2026-07-01 10:00 – 12:00');
  expect(describe('2026-07-01T08:00:05.000Z', '2026-07-02T10:00:00.000Z')).toBe(
    '2026-07-01 10:00:05 – 2026-07-02 12:00:00',
  );
});
