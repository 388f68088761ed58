import type { Alerts, StoredReading } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { withReadings } from './with-readings.ts';

const asOf = '2026-11-22T10:01:00.000Z';

function toReading(sensor: string, second: number, prediction: 0 | 1 = 0): StoredReading {
  const padded = String(second).padStart(2, '0');
  return {
    id: `0197b2a4-0000-7000-8000-0000000000${padded}`,
    sensor_id: sensor,
    timestamp: `2026-11-22T10:01:${padded}.000Z`,
    temperature: 24,
    humidity: 51,
    sound_volume: 60,
    prediction,
    score: prediction,
    model: 'm',
  };
}

function toAlerts(...readings: StoredReading[]): Alerts {
  const sensors = readings.map((reading) => ({
    sensor_id: reading.sensor_id,
    state: 'normal' as const,
    since: asOf,
    reading,
  }));
  return { state: 'normal', as_of: asOf, silent_after_ms: 10_000, sensors };
}

function add(alerts: Alerts, ...readings: StoredReading[]): Alerts {
  return withReadings(alerts, new Map(readings.map((reading) => [reading.sensor_id, reading])));
}

describe('withReadings', () => {
  const alerts = toAlerts(toReading('a', 2), toReading('b', 2));

  test('shows newer readings, and never older ones', () => {
    const { sensors } = add(alerts, toReading('a', 3), toReading('b', 1));
    expect(sensors.map(({ reading }) => reading.timestamp.slice(17, 19))).toEqual(['03', '02']);
  });

  test('is the very same where nothing is newer', () => {
    expect(add(alerts, toReading('a', 1), toReading('b', 2))).toBe(alerts);
  });

  test('tells the state of a sensor, and of all, as its newest reading has it', () => {
    const anomalous = add(alerts, toReading('b', 3, 1));
    expect(anomalous).toMatchObject({
      state: 'anomaly',
      sensors: [{ state: 'normal' }, { state: 'anomaly', since: '2026-11-22T10:01:03.000Z' }],
    });
    const longer = add(anomalous, toReading('b', 4, 1));
    expect(longer.sensors[1]?.since).toBe('2026-11-22T10:01:03.000Z');
    const over = add(longer, toReading('b', 5));
    expect(over).toMatchObject({ state: 'normal', sensors: [{}, { since: '2026-11-22T10:01:05.000Z' }] });
  });

  test('adds a sensor that is heard of for the first time', () => {
    const first = add({ ...toAlerts(), state: 'empty' }, toReading('new', 1));
    expect(first).toMatchObject({ state: 'normal', sensors: [{ sensor_id: 'new', state: 'normal' }] });
  });

  test('leaves a sensor silent that sends what is long past', () => {
    const late = { ...toReading('late', 1, 1), timestamp: '2026-11-22T10:00:49.000Z' };
    expect(add(toAlerts(), late)).toMatchObject({ state: 'silent', sensors: [{ state: 'silent' }] });
  });
});
