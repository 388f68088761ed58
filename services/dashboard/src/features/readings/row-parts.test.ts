import { expect, test } from 'vitest';
import { createZone } from '../time/zone.ts';
import { toTimeText } from './row-parts.tsx';

test('toTimeText has milliseconds, in the time zone', () => {
  const berlin = createZone('Europe/Berlin');
  expect(toTimeText('2026-11-22T23:00:00.007Z', berlin)).toBe('2026-11-23 00:00:00.007');
  expect(toTimeText('2026-07-01T10:00:00.900Z', createZone('UTC'))).toBe('2026-07-01 10:00:00.900');
});
