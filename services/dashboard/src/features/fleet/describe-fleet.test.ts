import type { FleetIncident, FleetSensor } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { createZone } from '../time/zone.ts';
import { describePlace, describeSensor } from './describe-fleet.ts';

const zone = createZone('Europe/Berlin');

const sensor: FleetSensor = {
  ...{ sensor_id: 'hall', state: 'normal', retired: false, newest_at: '2026-11-22T10:10:00.000Z' },
  ...{ silent_after_ms: 1000, count: 600, anomalies: 1, bucket_count: [600], bucket_anomalies: [1] },
  ...{ incidents: [], more_incidents: 0 },
};

const fromMs = Date.parse('2026-11-22T10:00:00.000Z');
const cell = { fromMs, toMs: fromMs + 60_000, kind: 'readings', readings: 60, anomalies: 3 } as const;

const incident: FleetIncident = {
  ...{ id: '0b9a2a52-6c1c-4d0e-9a5a-2a54f3e0b001', rule: 'Hot', severity: 'warning', acknowledged: false },
  ...{ started_at: '2026-11-22T09:59:30.000Z', ended_at: '2026-11-22T10:00:40.000Z' },
};
const firing = { ...incident, ended_at: null };

describe('describePlace', () => {
  test.each([
    [{ cell, incident: null }, 'hall, 2026-11-22 11:00 – 11:01: 3 of 60 readings were anomalies'],
    [
      { cell: { ...cell, readings: 1, anomalies: 0 }, incident: null },
      'hall, 2026-11-22 11:00 – 11:01: 1 reading, no anomaly',
    ],
    [
      { cell: { ...cell, kind: 'empty' as const }, incident: null },
      'hall, 2026-11-22 11:00 – 11:01: no readings',
    ],
    [
      { cell: { ...cell, kind: 'silent' as const }, incident: null },
      'hall, 2026-11-22 11:00 – 11:01: silent',
    ],
    [{ cell: null, incident }, 'hall, Incident Hot from 2026-11-22 10:59:30 to 11:00:40'],
    [{ cell: null, incident: firing }, 'hall, Incident Hot, firing since 2026-11-22 10:59:30'],
    [
      { cell: null, incident: { ...firing, acknowledged: true } },
      'hall, Incident Hot, firing since 2026-11-22 10:59:30, acknowledged',
    ],
  ])('%#', (place, expected) => {
    expect(describePlace({ sensor, ...place }, zone)).toBe(expected);
  });

  test('does not say that readings without a prediction are normal', () => {
    const place = {
      sensor: { ...sensor, state: 'unscored' as const },
      cell: { ...cell, anomalies: 0 },
      incident: null,
    };
    expect(describePlace(place, zone)).toMatch(/: 60 readings$/);
  });
});

test('describeSensor says how it is now, and what happened in the window', () => {
  expect(describeSensor(sensor)).toBe('normal now; 1 of 600 readings was an anomaly');
  const alarming = { ...sensor, state: 'anomaly' as const, incidents: [firing, incident], more_incidents: 3 };
  expect(describeSensor(alarming)).toBe(
    'anomaly now; 1 of 600 readings was an anomaly; 5 incidents, 1 firing',
  );
  const quiet = { ...sensor, state: 'silent' as const, count: 0, anomalies: 0 };
  expect(describeSensor(quiet)).toBe('silent now; no readings in this window');
});
