import type { IncidentSummary } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { createTestIncident } from '../incidents/test-incident.ts';
import {
  describeCounts,
  toAlertView,
  toByUrgency,
  toClockNote,
  toLatest,
  toNotes,
  toUnknownView,
} from './alert-view.ts';
import { createAlerts as alerts, createSensor as sensor } from './test-alerts.ts';

describe('toAlertView', () => {
  test('names the anomalous sensors, since the first of them', () => {
    const view = toAlertView(
      alerts([sensor('a', 'normal', 1), sensor('b', 'anomaly', 3), sensor('c', 'anomaly', 2)]),
    );
    expect(view).toEqual({
      tone: 'anomaly',
      headline: 'Anomaly detected',
      brief: 'anomaly',
      subject: 'Sensors b, c',
      since: '2026-11-22T10:02:00.000Z',
    });
  });

  test('is normal since the last sensor became normal', () => {
    const view = toAlertView(alerts([sensor('a', 'normal', 1), sensor('b', 'normal', 4)]));
    expect(view).toMatchObject({ headline: 'Normal now', subject: 'All 2 sensors' });
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
      brief: 'anomaly',
      subject: 'Sensors a, b and 1\u202f198 more',
      since: null,
    });
    const normal = { anomaly: 0, normal: 12_345, silent: 0, unscored: 0 };
    expect(toAlertView(alerts([sensor('a', 'normal', 1)], normal))).toMatchObject({
      subject: 'All 12\u202f345 sensors',
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
      subject: 'Sensor a not scored',
    });
    expect(toAlertView(alerts([one, two])).subject).toBe('All 2 sensors not scored');
  });

  test('is silent since the last arrival', () => {
    const view = toAlertView(alerts([sensor('a', 'silent', 1), sensor('b', 'silent', 5)]));
    expect(view).toMatchObject({ headline: 'No readings', since: '2026-11-22T10:05:00.000Z' });
  });
});

describe('the subject', () => {
  const [a, b] = [sensor('a', 'normal', 1), sensor('b', 'normal', 1)];
  const [silent, retired] = [sensor('s', 'silent', 1), { ...sensor('r', 'silent', 1), retired: true }];

  test('counts the sensors, without those that have been silent for long', () => {
    expect(toAlertView(alerts([a, b, retired])).subject).toBe('All 2 sensors');
    expect(toAlertView(alerts([a, retired]))).toMatchObject({ tone: 'normal', subject: 'Sensor a' });
    expect(toAlertView(alerts([silent, retired]))).toMatchObject({ tone: 'silent', subject: 'Sensor s' });
  });

  test('names the selected sensors', () => {
    expect(toAlertView(alerts([a, b]), ['a', 'b']).subject).toBe('Selected: a, b');
    expect(toAlertView(alerts([]), ['a']).subject).toBe('The selected sensors have not sent a reading yet');
  });

  test('does not claim that there was no reading where all sensors are retired', () => {
    expect(toAlertView(alerts([retired]))).toMatchObject({
      tone: 'silent',
      subject: 'Sensor r',
      since: '2026-11-22T10:01:00.000Z',
    });
  });
});

test('toUnknownView says why, and what was known last', () => {
  const known = toAlertView(alerts([sensor('a', 'normal', 1)]));
  expect(toUnknownView('the database does not answer', known, '22:59:04')).toMatchObject({
    headline: 'State unknown',
    subject: 'the database does not answer · last known 22:59:04: normal',
  });
  expect(toUnknownView('the API does not answer', null, null).subject).toBe('the API does not answer');
});

test('toLatest puts anomalies first', () => {
  const state = alerts([sensor('a', 'normal', 1), sensor('b', 'anomaly', 1)]);
  expect(toLatest(state).map(({ sensor_id }) => sensor_id)).toEqual(['b', 'a']);
});

test('toByUrgency puts the latest change first, and retired sensors last', () => {
  const sensors = [
    { ...sensor('r', 'silent', 1), retired: true },
    sensor('a', 'normal', 1),
    sensor('b', 'silent', 1),
    sensor('c', 'anomaly', 1),
    sensor('d', 'anomaly', 2),
  ];
  expect(toByUrgency(sensors).map(({ sensor_id }) => sensor_id)).toEqual(['d', 'c', 'b', 'a', 'r']);
});

test('describeCounts leaves out empty states', () => {
  const counts = { anomaly: 0, normal: 12_344, silent: 0, unscored: 0 };
  expect(describeCounts({ ...counts, anomaly: 1 }, 0)).toBe('1 sensor anomalous, 12\u202f344 normal');
  expect(describeCounts({ ...counts, normal: 1, unscored: 2 }, 3)).toBe(
    '2 sensors not scored, 1 normal, 3 silent for over a day',
  );
  expect(describeCounts({ ...counts, normal: 1 }, 0)).toBe('1 sensor normal');
});

describe('incidents', () => {
  const incident = createTestIncident({ state: 'firing', cleared_at: null });
  const withIncidents = (changes: Partial<IncidentSummary>, sensors = [sensor('hall', 'anomaly', 1)]) => {
    const answer = alerts(sensors);
    return { ...answer, incidents: { ...answer.incidents, firing: 1, newest: [incident], ...changes } };
  };

  test('come before the states of sensors; a single one is named', () => {
    const sensors = [sensor('hall', 'anomaly', 1), sensor('attic', 'silent', 1)];
    expect(toAlertView(withIncidents({ unacknowledged: 1 }, sensors))).toEqual({
      ...{ tone: 'incident', headline: 'Incident: Anomalies, hall', brief: '1 incident' },
      subject: 'All 2 sensors',
    });
    expect(toAlertView(withIncidents({ firing: 12, unacknowledged: 1 }), ['hall', 'attic'])).toEqual({
      ...{ tone: 'incident', headline: '12 incidents', brief: '12 incidents' },
      subject: 'Selected: hall, attic',
    });
  });

  test('are calmer once all of them are acknowledged', () => {
    expect(toAlertView(withIncidents({ firing: 2, unacknowledged: 0 }))).toEqual({
      ...{ tone: 'acknowledged', headline: '2 incidents, acknowledged', brief: '2 incidents, acknowledged' },
      subject: 'Sensor hall',
    });
  });

  test('of other sensors do not count', () => {
    const view = toAlertView(
      withIncidents({ firing: 0, newest: [], elsewhere: 3 }, [sensor('a', 'normal', 1)]),
    );
    expect(view).toMatchObject({ tone: 'normal', headline: 'Normal now', brief: 'normal' });
  });

  test('leave the states of the sensors to the notes', () => {
    const sensors = [sensor('hall', 'anomaly', 1), sensor('attic', 'silent', 1)];
    expect(toNotes(withIncidents({}, sensors))).toEqual(['1 sensor anomalous now', 'No readings from attic']);
  });
});

describe('silent sensors', () => {
  const retired = { ...sensor('r', 'silent', 1), retired: true };
  const [normal, silent] = [sensor('a', 'normal', 1), sensor('b', 'silent', 1)];

  test('among normal ones are counted and named, and the state is not normal', () => {
    expect(toAlertView(alerts([normal, silent, sensor('c', 'silent', 1)]))).toEqual({
      ...{ tone: 'silent', headline: '2 of 3 sensors silent', brief: '2 of 3 sensors silent' },
      subject: 'No readings from b, c',
    });
    expect(toNotes(alerts([normal, silent]))).toEqual([]);
  });

  test('are a note beside an anomaly, also if they are not listed', () => {
    expect(toNotes(alerts([sensor('a', 'anomaly', 1), silent]))).toEqual([
      'No rule fires yet',
      'No readings from b',
    ]);
    const counts = { anomaly: 1000, normal: 5, silent: 2, unscored: 0 };
    expect(toNotes(alerts([sensor('a', 'anomaly', 1)], counts))).toContain('No readings from 2 sensors');
  });

  test('do not count any more after a day', () => {
    expect(toAlertView(alerts([normal, retired])).tone).toBe('normal');
    expect(toNotes(alerts([normal, retired]))).toEqual(['1 sensor silent for over a day, not counted']);
    expect(toNotes(alerts([retired]))).toEqual([]);
  });
});

test('toClockNote names sensors in the overall state whose clock is ahead', () => {
  const ahead = { ...sensor('ahead', 'anomaly', 1), clock_ahead_ms: 23 * 3_600_000 };
  const other = { ...sensor('other', 'normal', 1), clock_ahead_ms: 180_000 };
  expect(toClockNote(alerts([ahead, other]))).toBe('ahead (clock 23 h ahead)');
  expect(toClockNote(alerts([other]))).toBe('other (clock 3 min ahead)');
  expect(toClockNote(alerts([sensor('a', 'normal', 1)]))).toBeNull();
});
