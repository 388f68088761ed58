import type { Alerts, SensorState } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { chooseSensors, toAlertView, toSilentNote } from './alert-view.ts';

function sensor(sensorId: string, state: SensorState, minute: number): Alerts['sensors'][number] {
  const since = `2026-11-22T10:0${minute}:00.000Z`;
  const values = { temperature: 24, humidity: 52, sound_volume: 60 };
  const identity = { id: '0197b2a4-0000-7000-8000-000000000000', sensor_id: sensorId, model: 'm' };
  return {
    sensor_id: sensorId,
    state,
    since,
    reading: { ...identity, ...values, prediction: 0, score: 0.1, timestamp: since },
  };
}

function alerts(state: Alerts['state'], sensors: Alerts['sensors']): Alerts {
  return { state, as_of: '2026-11-22T10:10:00.000Z', silent_after_ms: 10_000, sensors };
}

describe('toAlertView', () => {
  test('names the sensors in anomaly, since the first of them', () => {
    const view = toAlertView(
      alerts('anomaly', [sensor('a', 'normal', 1), sensor('b', 'anomaly', 3), sensor('c', 'anomaly', 2)]),
    );
    expect(view).toEqual({
      tone: 'anomaly',
      headline: 'Anomaly detected',
      subject: 'Sensors b, c',
      since: '2026-11-22T10:02:00.000Z',
    });
  });

  test('is normal since the last sensor became so', () => {
    const view = toAlertView(alerts('normal', [sensor('a', 'normal', 1), sensor('b', 'normal', 4)]));
    expect(view).toMatchObject({ headline: 'No anomaly detected', subject: '2 sensors' });
    expect(view.since).toBe('2026-11-22T10:04:00.000Z');
  });

  test('does not list a hundred sensors', () => {
    const many = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => sensor(name, 'anomaly', 1));
    expect(toAlertView(alerts('anomaly', many)).subject).toBe('Sensors a, b, c, d and 2 more');
  });

  test('waits before the first reading', () => {
    expect(toAlertView(alerts('empty', []))).toMatchObject({ tone: 'empty', since: null });
  });

  test('says since when nothing was heard', () => {
    const view = toAlertView(alerts('silent', [sensor('a', 'silent', 1), sensor('b', 'silent', 5)]));
    expect(view).toMatchObject({ headline: 'No readings', since: '2026-11-22T10:05:00.000Z' });
  });
});

test('chooseSensors puts anomalies first', () => {
  const state = alerts('anomaly', [sensor('a', 'normal', 1), sensor('b', 'anomaly', 1)]);
  expect(chooseSensors(state, []).map(({ sensor_id }) => sensor_id)).toEqual(['b', 'a']);
  expect(chooseSensors(state, ['a']).map(({ sensor_id }) => sensor_id)).toEqual(['a']);
});

test('toSilentNote speaks of silent sensors among others', () => {
  expect(toSilentNote(alerts('normal', [sensor('a', 'normal', 1), sensor('b', 'silent', 1)]))).toBe(
    'No readings from b',
  );
  expect(toSilentNote(alerts('silent', [sensor('b', 'silent', 1)]))).toBeNull();
});
