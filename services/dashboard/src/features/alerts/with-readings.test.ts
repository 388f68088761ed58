import type { Alerts, ReadingEvent } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { withReadings } from './with-readings.ts';

const asOf = '2026-11-22T10:01:00.000Z';

/** A reading that arrives in this second, stamped with the same time. */
function toReading(sensor: string, second: number, prediction: 0 | 1 | null = 0): ReadingEvent {
  const padded = String(second).padStart(2, '0');
  const received_at = `2026-11-22T10:01:${padded}.000Z`;
  return {
    type: 'climate',
    id: `0197b2a4-0000-7000-8000-0000000000${padded}`,
    sensor_id: sensor,
    timestamp: received_at,
    received_at,
    temperature: 24,
    humidity: 51,
    sound_volume: 60,
    prediction,
    score: prediction,
    model: 'm',
  };
}

function toAlerts(...readings: ReadingEvent[]): Alerts {
  const sensors = readings.map(({ received_at, ...reading }) => ({
    sensor_id: reading.sensor_id,
    state: 'normal' as const,
    since: asOf,
    reading,
    received_at,
    clock_ahead_ms: null,
  }));
  const counts = { anomaly: 0, normal: sensors.length, silent: 0, unscored: 0 };
  return {
    type: 'climate',
    state: 'normal',
    counts,
    as_of: asOf,
    silent_after_ms: 10_000,
    sensors,
    next_cursor: null,
  };
}

function add(alerts: Alerts, ...readings: ReadingEvent[]): Alerts {
  return withReadings(alerts, new Map(readings.map((reading) => [reading.sensor_id, reading])));
}

describe('withReadings', () => {
  const alerts = toAlerts(toReading('a', 2), toReading('b', 2));

  test('applies newer readings and ignores older ones', () => {
    const { sensors } = add(alerts, toReading('a', 3), toReading('b', 1));
    expect(sensors.map(({ received_at }) => received_at.slice(17, 19))).toEqual(['03', '02']);
  });

  test('returns the same object when nothing is newer', () => {
    expect(add(alerts, toReading('a', 1), toReading('b', 2))).toBe(alerts);
  });

  test('derives the states from the newest readings', () => {
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

  test('keeps an anomaly until a normal reading arrives late enough after it', () => {
    const [sensor] = toAlerts(toReading('a', 2)).sensors;
    if (sensor === undefined) throw new Error('no sensor');
    const held = { ...alerts, sensors: [{ ...sensor, hold_ms: 10_000 }] };
    const anomalous = add(held, toReading('a', 3, 1));
    const early = add(anomalous, toReading('a', 12));
    expect(early).toMatchObject({
      state: 'anomaly',
      sensors: [{ state: 'anomaly', since: '2026-11-22T10:01:12.000Z' }],
    });
    expect(add(early, toReading('a', 13))).toMatchObject({
      sensors: [{ state: 'normal', anomaly_at: null }],
    });
    // A sensor that is not listed yet has the shortest hold.
    const added = add(add(held, toReading('new', 3, 1)), toReading('new', 12));
    expect(added.sensors[1]).toMatchObject({ state: 'anomaly', hold_ms: 10_000 });
  });

  test('orders by arrival: a reading stamped 23 h ahead hides no anomaly', () => {
    const ahead = add(alerts, { ...toReading('b', 3), timestamp: '2026-11-23T09:01:03.000Z' });
    expect(ahead.sensors[1]).toMatchObject({ state: 'normal', clock_ahead_ms: 82_800_000 });
    const anomalous = add(ahead, toReading('b', 4, 1));
    expect(anomalous).toMatchObject({
      state: 'anomaly',
      counts: { anomaly: 1, normal: 1, silent: 0, unscored: 0 },
      sensors: [{}, { state: 'anomaly', since: '2026-11-22T10:01:04.000Z', clock_ahead_ms: null }],
    });
  });

  test('does not consider a sensor silent whose clock is 90 s behind', () => {
    const behind = { ...toReading('b', 3, 1), timestamp: '2026-11-22T09:59:33.000Z' };
    expect(add(alerts, behind)).toMatchObject({ state: 'anomaly', sensors: [{}, { state: 'anomaly' }] });
  });

  test('does not call a sensor normal that no model scores', () => {
    expect(add(toAlerts(), toReading('pump-1', 1, null))).toMatchObject({
      state: 'unscored',
      counts: { normal: 0, unscored: 1 },
      sensors: [{ state: 'unscored' }],
    });
  });

  test('adds a new sensor', () => {
    const first = add({ ...toAlerts(), state: 'empty' }, toReading('new', 1));
    expect(first).toMatchObject({
      state: 'normal',
      counts: { anomaly: 0, normal: 1, silent: 0, unscored: 0 },
      sensors: [{ sensor_id: 'new', state: 'normal' }],
    });
  });

  test('keeps a sensor silent whose reading arrived long ago', () => {
    const late = { ...toReading('late', 1, 1), received_at: '2026-11-22T10:00:49.000Z' };
    expect(add(toAlerts(), late)).toMatchObject({ state: 'silent', sensors: [{ state: 'silent' }] });
  });

  describe('with only the first page', () => {
    const page = {
      ...alerts,
      counts: { anomaly: 0, normal: 5, silent: 0, unscored: 0 },
      next_cursor: 'next',
    };

    test('counts the sensors that are not listed', () => {
      const anomalous = add(page, toReading('a', 3, 1));
      expect(anomalous).toMatchObject({
        state: 'anomaly',
        counts: { anomaly: 1, normal: 4, silent: 0, unscored: 0 },
      });
      expect(add(anomalous, toReading('a', 4)).counts).toEqual(page.counts);
    });

    test('adds an unlisted sensor only with an anomaly', () => {
      expect(add(page, toReading('c', 3))).toBe(page);
      const anomalous = add(page, toReading('c', 3, 1));
      expect(anomalous).toMatchObject({
        state: 'anomaly',
        counts: { anomaly: 1, normal: 4, silent: 0, unscored: 0 },
      });
      expect(anomalous.sensors.map(({ sensor_id }) => sensor_id)).toEqual(['a', 'b', 'c']);
    });

    test('keeps the state of the API when the listed sensors differ', () => {
      const state = {
        ...page,
        state: 'anomaly',
        counts: { anomaly: 1, normal: 4, silent: 0, unscored: 0 },
      } as const;
      expect(add(state, toReading('a', 3))).toMatchObject({ state: 'anomaly', counts: state.counts });
    });
  });
});
