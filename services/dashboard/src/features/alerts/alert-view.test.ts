import { type Alerts, type SensorAlert, type SensorState, toAlertState } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { chooseSensors, toAlertView, toClockNote, toSilentNote } from './alert-view.ts';
import { countStates } from './describe-sensors.ts';

function sensor(sensorId: string, state: SensorState, minute: number): SensorAlert {
  const since = `2026-11-22T10:0${minute}:00.000Z`;
  const values = { temperature: 24, humidity: 52, sound_volume: 60 };
  const identity = {
    id: '0197b2a4-0000-7000-8000-000000000000',
    type: 'climate',
    sensor_id: sensorId,
    model: 'm',
  };
  return {
    sensor_id: sensorId,
    state,
    since,
    received_at: since,
    clock_ahead_ms: null,
    reading: { ...identity, ...values, prediction: 0, score: 0.1, timestamp: since },
  };
}

/** A single page, unless the counts exceed the listed sensors. */
function alerts(sensors: SensorAlert[], counts = countStates(sensors)): Alerts {
  const state = toAlertState(counts);
  const common = {
    type: 'climate',
    as_of: '2026-11-22T10:10:00.000Z',
    silent_after_ms: 10_000,
    next_cursor: null,
  };
  return { ...common, state, counts, sensors };
}

describe('toAlertView', () => {
  test('names the anomalous sensors, since the first of them', () => {
    const view = toAlertView(
      alerts([sensor('a', 'normal', 1), sensor('b', 'anomaly', 3), sensor('c', 'anomaly', 2)]),
    );
    expect(view).toEqual({
      tone: 'anomaly',
      headline: 'Anomaly detected',
      subject: 'Sensors b, c',
      since: '2026-11-22T10:02:00.000Z',
    });
  });

  test('is normal since the last sensor became normal', () => {
    const view = toAlertView(alerts([sensor('a', 'normal', 1), sensor('b', 'normal', 4)]));
    expect(view).toMatchObject({ headline: 'No anomaly detected', subject: '2 sensors' });
    expect(view.since).toBe('2026-11-22T10:04:00.000Z');
  });

  test('names at most four sensors', () => {
    const many = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => sensor(name, 'anomaly', 1));
    expect(toAlertView(alerts(many)).subject).toBe('Sensors a, b, c, d and 2 more');
  });

  test('counts sensors that are not listed, and then has no start time', () => {
    const many = { anomaly: 1200, normal: 11_000, silent: 145, unscored: 0 };
    expect(toAlertView(alerts([sensor('a', 'anomaly', 1), sensor('b', 'anomaly', 2)], many))).toEqual({
      tone: 'anomaly',
      headline: 'Anomaly detected',
      subject: 'Sensors a, b and 1\u202f198 more',
      since: null,
    });
    const normal = { anomaly: 0, normal: 12_345, silent: 0, unscored: 0 };
    expect(toAlertView(alerts([sensor('a', 'normal', 1)], normal))).toMatchObject({
      subject: '12\u202f345 sensors',
      since: null,
    });
  });

  test('takes the state from the API, even if the listed sensors differ', () => {
    const counts = { anomaly: 1, normal: 1, silent: 0, unscored: 0 };
    expect(toAlertView(alerts([sensor('a', 'normal', 1)], counts))).toMatchObject({
      headline: 'Anomaly detected',
      subject: '1 sensor',
    });
  });

  test('waits before the first reading', () => {
    expect(toAlertView(alerts([]))).toMatchObject({ tone: 'empty', since: null });
  });

  test('says that there is no model where no reading is scored', () => {
    const [one, two] = [sensor('a', 'unscored', 1), sensor('b', 'unscored', 2)];
    expect(toAlertView(alerts([one]))).toMatchObject({
      tone: 'unscored',
      headline: 'No model yet',
      subject: 'Sensor a is not scored',
    });
    expect(toAlertView(alerts([one, two])).subject).toBe('2 sensors not scored');
  });

  test('is silent since the last arrival', () => {
    const view = toAlertView(alerts([sensor('a', 'silent', 1), sensor('b', 'silent', 5)]));
    expect(view).toMatchObject({ headline: 'No readings', since: '2026-11-22T10:05:00.000Z' });
  });
});

test('chooseSensors puts anomalies first', () => {
  const state = alerts([sensor('a', 'normal', 1), sensor('b', 'anomaly', 1)]);
  expect(chooseSensors(state, []).map(({ sensor_id }) => sensor_id)).toEqual(['b', 'a']);
  expect(chooseSensors(state, ['a']).map(({ sensor_id }) => sensor_id)).toEqual(['a']);
});

test('toSilentNote names silent sensors among others', () => {
  expect(toSilentNote(alerts([sensor('a', 'normal', 1), sensor('b', 'silent', 1)]))).toBe(
    'No readings from b',
  );
  expect(toSilentNote(alerts([sensor('b', 'silent', 1)]))).toBeNull();
});

test('toSilentNote counts silent sensors that are not listed', () => {
  const counts = { anomaly: 1000, normal: 5, silent: 2, unscored: 0 };
  expect(toSilentNote(alerts([sensor('a', 'anomaly', 1)], counts))).toBe('No readings from 2 sensors');
});

test('toClockNote names sensors in the overall state whose clock is ahead', () => {
  const ahead = { ...sensor('ahead', 'anomaly', 1), clock_ahead_ms: 23 * 3_600_000 };
  const other = { ...sensor('other', 'normal', 1), clock_ahead_ms: 180_000 };
  expect(toClockNote(alerts([ahead, other]))).toBe('ahead (clock 23 h ahead)');
  expect(toClockNote(alerts([other]))).toBe('other (clock 3 min ahead)');
  expect(toClockNote(alerts([sensor('a', 'normal', 1)]))).toBeNull();
});
