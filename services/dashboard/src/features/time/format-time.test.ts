import { expect, test } from 'vitest';
import { toDateTimeText, toInputText, toShortText, toZoneText } from './format-time.ts';
import { createZone } from './zone.ts';

const berlin = createZone('Europe/Berlin');

test('toInputText distinguishes two equal wall-clock times', () => {
  expect(toInputText('2026-10-25T00:30:00.000Z', berlin)).toBe('2026-10-25 02:30:00');
  expect(toInputText('2026-10-25T01:30:00.000Z', berlin)).toBe('2026-10-25 02:30:00+01:00');
  expect(toInputText('2026-10-25T02:30:00.250Z', berlin)).toBe('2026-10-25 03:30:00');
});

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
