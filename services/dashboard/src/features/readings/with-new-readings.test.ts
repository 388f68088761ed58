import type { ReadingEvent } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { withNewReadings } from './with-new-readings.ts';

function reading(number: number, second = number): ReadingEvent {
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

const page = { readings: [reading(3), reading(2)], total: 2, window: '15m' };

function idsOf({ readings }: { readings: readonly { id: string }[] }): number[] {
  return readings.map(({ id }) => Number(id.at(-1)));
}

describe('withNewReadings', () => {
  test('puts new readings on top, the newest first, and counts them', () => {
    const added = withNewReadings(page, [reading(4), reading(6), reading(5)]);
    expect(idsOf(added)).toEqual([6, 5, 4, 3, 2]);
    expect(added).toMatchObject({ total: 5, window: '15m' });
    expect(added.readings[0]).not.toHaveProperty('received_at');
  });

  test('puts the last arrival of one time first', () => {
    expect(idsOf(withNewReadings(page, [reading(4), reading(5, 4)]))).toEqual([5, 4, 3, 2]);
  });

  test('leaves out what the page has, and late readings, which belong further down', () => {
    expect(withNewReadings(page, [reading(3), reading(1)])).toBe(page);
    expect(withNewReadings(page, [])).toBe(page);
  });

  test('begins an empty page', () => {
    expect(idsOf(withNewReadings({ readings: [], total: 0 }, [reading(1)]))).toEqual([1]);
  });
});
