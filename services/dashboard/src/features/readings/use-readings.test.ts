import type { ReadingEvent, StoredReading } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { toHeldSince, withNewReadings } from './use-readings.ts';

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

function toReading(number: number, second = number): ReadingEvent {
  const timestamp = `2026-11-22T10:00:0${second}.000Z`;
  return {
    ...{
      id: `0197b2a4-0000-7000-8000-00000000000${number}`,
      type: 'climate',
      sensor_id: 'attic',
      model: 'm',
    },
    ...{ temperature: 24, humidity: 51, sound_volume: 60, prediction: 0, score: 0.1 },
    ...{ timestamp, received_at: timestamp },
  };
}

const shownPage = { readings: [toReading(3), toReading(2)], total: 2, window: '15m' };

function idsOf({ readings }: { readings: readonly { id: string }[] }): number[] {
  return readings.map(({ id }) => Number(id.at(-1)));
}

describe('withNewReadings', () => {
  test('puts new readings on top, the newest first, and counts them', () => {
    const added = withNewReadings(shownPage, [toReading(4), toReading(6), toReading(5)]);
    expect(idsOf(added)).toEqual([6, 5, 4, 3, 2]);
    expect(added).toMatchObject({ total: 5, window: '15m' });
    expect(added.readings[0]).not.toHaveProperty('received_at');
  });

  test('puts the last arrival of one time first', () => {
    expect(idsOf(withNewReadings(shownPage, [toReading(4), toReading(5, 4)]))).toEqual([5, 4, 3, 2]);
  });

  test('leaves out what the page has, and late readings, which belong further down', () => {
    expect(withNewReadings(shownPage, [toReading(3), toReading(1)])).toBe(shownPage);
    expect(withNewReadings(shownPage, [])).toBe(shownPage);
  });

  test('begins an empty page', () => {
    expect(idsOf(withNewReadings({ readings: [], total: 0 }, [toReading(1)]))).toEqual([1]);
  });
});
