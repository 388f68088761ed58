import type { ReadingEvent, SensorState } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { createAlerts, createSensor } from './test-alerts.ts';
import { withEvents } from './with-events.ts';

const at = (second: number) => `2026-11-22T10:09:${String(second).padStart(2, '0')}.000Z`;

function reading(sensor_id: string, second: number): ReadingEvent {
  return { ...createSensor(sensor_id, 'normal', 1).reading, timestamp: at(second), received_at: at(second) };
}

function change(sensor_id: string, previous: SensorState | null, state: SensorState) {
  return { type: 'climate', sensor_id, state, previous, at: at(30) };
}

describe('withEvents', () => {
  const alerts = createAlerts([createSensor('a', 'normal', 1), createSensor('b', 'silent', 2)]);

  test('shows the newest reading of a sensor, by arrival', () => {
    const events = { readings: [reading('a', 5), reading('a', 6), reading('a', 4)], alerts: [] };
    expect(withEvents(alerts, events, [])).toMatchObject({
      newest_at: at(6),
      state: 'normal',
      sensors: [{ sensor_id: 'a', received_at: at(6), reading: { timestamp: at(6) } }, { sensor_id: 'b' }],
    });
  });

  test('notes a clock that is ahead', () => {
    const ahead = { ...reading('a', 5), timestamp: '2026-11-22T20:09:05.000Z' };
    expect(withEvents(alerts, { readings: [ahead], alerts: [] }, [])?.sensors[0]).toMatchObject({
      clock_ahead_ms: 36_000_000,
    });
  });

  test('takes the states from the changes that the API sends, in order', () => {
    const alerted = withEvents(
      alerts,
      { readings: [], alerts: [change('a', 'normal', 'anomaly'), change('b', 'silent', 'normal')] },
      [],
    );
    expect(alerted).toMatchObject({
      state: 'anomaly',
      counts: { anomaly: 1, normal: 1, silent: 0 },
      sensors: [
        { state: 'anomaly', since: at(30) },
        { state: 'normal', since: at(30) },
      ],
    });
    const silent = alerted && { readings: [], alerts: [change('a', 'anomaly', 'silent')] };
    expect(silent && withEvents(alerted, silent, [])).toMatchObject({
      state: 'normal',
      counts: { anomaly: 0, normal: 1, silent: 1 },
    });
  });

  test('changes nothing when an event comes twice', () => {
    const events = { readings: [reading('a', 5)], alerts: [change('a', 'normal', 'anomaly')] };
    const once = withEvents(alerts, events, []);
    expect(once && withEvents(once, events, [])).toEqual(once);
  });

  test('ignores sensors that were not asked for', () => {
    const events = { readings: [reading('c', 5)], alerts: [change('c', null, 'normal')] };
    expect(withEvents(alerts, events, ['a', 'b'])).toBe(alerts);
  });

  test('asks again about a new sensor, and about a retired one that sends again', () => {
    expect(withEvents(alerts, { readings: [reading('new', 5)], alerts: [] }, [])).toBeNull();
    expect(withEvents(alerts, { readings: [], alerts: [change('new', null, 'normal')] }, [])).toBeNull();
    const retired = createAlerts([{ ...createSensor('old', 'silent', 1), retired: true }]);
    expect(withEvents(retired, { readings: [reading('old', 5)], alerts: [] }, [])).toBeNull();
  });

  test('counts a sensor that is not listed, and asks again when it is anomalous', () => {
    const counts = { anomaly: 0, normal: 1000, silent: 3, unscored: 0 };
    const page = { ...createAlerts([createSensor('a', 'normal', 1)], counts), next_cursor: 'next' };
    const silent = { readings: [reading('z', 5)], alerts: [change('z', 'normal', 'silent')] };
    expect(withEvents(page, silent, [])).toMatchObject({
      counts: { normal: 999, silent: 4 },
      sensors: [{ sensor_id: 'a' }],
      newest_at: at(5),
    });
    expect(withEvents(page, { readings: [], alerts: [change('z', 'normal', 'anomaly')] }, [])).toBeNull();
  });
});
