import type { StoredReading } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { toHeldSince } from './use-readings.ts';

const reading: StoredReading = {
  id: '0b9a2a52-6c1c-4d0e-9a5a-2a54f3e0a001',
  type: 'climate',
  sensor_id: 'attic',
  timestamp: '2026-11-22T10:00:00.999Z',
  temperature: 24,
  humidity: 51,
  sound_volume: 60,
  prediction: 0,
  score: 0.03,
  model: 'm',
};
const page = { readings: [reading], requestedAt: '2026-11-22T10:00:05.000Z' };

describe('toHeldSince', () => {
  test('is just after the newest reading if that is the first row', () => {
    expect(toHeldSince(page, { sort: 'timestamp', order: 'desc' })).toBe('2026-11-22T10:00:01.000Z');
  });

  test('is the time of the request in every other order, and without readings', () => {
    const { requestedAt } = page;
    expect(toHeldSince(page, { sort: 'timestamp', order: 'asc' })).toBe(requestedAt);
    expect(toHeldSince(page, { sort: 'score', order: 'desc' })).toBe(requestedAt);
    expect(toHeldSince({ ...page, readings: [] }, { sort: 'timestamp', order: 'desc' })).toBe(requestedAt);
  });
});
