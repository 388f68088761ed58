import type { Fleet, FleetIncident, FleetSensor } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { findAt, toCells, toChosenWindow, toLevel, toShapes } from './fleet-cells.ts';

const startMs = Date.parse('2026-11-22T10:00:00.000Z');
const minuteMs = 60_000;
const at = (minute: number) => new Date(startMs + minute * minuteMs).toISOString();

function toSensor(
  counts: readonly (readonly [number, number])[],
  given: Partial<FleetSensor> = {},
): FleetSensor {
  const sum = (place: 0 | 1) => counts.reduce((total, count) => total + count[place], 0);
  return {
    ...{ sensor_id: 'hall', state: 'normal', retired: false, newest_at: at(10), silent_after_ms: 90_000 },
    ...{ count: sum(0), anomalies: sum(1), incidents: [], more_incidents: 0 },
    ...{ bucket_count: counts.map(([count]) => count), bucket_anomalies: counts.map(([, count]) => count) },
    ...given,
  };
}

function toFleet(sensor: FleetSensor, asOf: number): Fleet {
  const buckets = sensor.bucket_count.length;
  return {
    ...{ type: 'climate', from: at(0), to: at(buckets), as_of: at(asOf), start: at(0) },
    ...{ bucket_ms: minuteMs, buckets, sensors: [sensor], more: 0 },
  };
}

function listKinds(sensor: FleetSensor, asOf: number): string {
  const letters = { readings: 'R', empty: '-', silent: 'S' } as const;
  return toCells(toFleet(sensor, asOf), sensor)
    .map(({ kind }) => letters[kind])
    .join('');
}

const some = [6, 0] as const;
const none = [0, 0] as const;

describe('toCells', () => {
  test('marks a pause that is longer than the sensor is ever quiet', () => {
    expect(listKinds(toSensor([some, none, some, none, none, some]), 60)).toBe('R-RSSR');
  });

  test('does not know what was before the first readings', () => {
    expect(listKinds(toSensor([none, none, none, some, some]), 60)).toBe('---RR');
  });

  test('marks a pause at the end of a past window', () => {
    expect(listKinds(toSensor([some, none, none, none]), 60)).toBe('RSSS');
  });

  test('marks the present pause if the sensor is silent now', () => {
    const counts = [some, some, none, none, none];
    expect(listKinds(toSensor(counts, { newest_at: at(1.5) }), 4.2)).toBe('RR---');
    expect(listKinds(toSensor(counts, { newest_at: at(1.5), state: 'silent' }), 4.2)).toBe('RRSSS');
  });

  test('marks a silent sensor without readings in the window, from its last arrival on', () => {
    const counts = [none, none, none, none];
    expect(listKinds(toSensor(counts, { newest_at: at(-100), state: 'silent' }), 4)).toBe('SSSS');
    expect(listKinds(toSensor(counts, { newest_at: at(2.5), state: 'silent' }), 4)).toBe('--SS');
  });

  test('leaves out what is still to come', () => {
    expect(listKinds(toSensor([some, some, none, none]), 1.5)).toBe('RR');
  });
});

test.each([
  [0, 0],
  [1, 1],
  [5, 2],
  [20, 3],
  [50, 4],
  [100, 4],
])('of 100 readings, %i anomalies have level %i', (anomalies, level) => {
  expect(toLevel({ readings: 100, anomalies })).toBe(level);
});

const incident: FleetIncident = {
  ...{ id: '0b9a2a52-6c1c-4d0e-9a5a-2a54f3e0b001', rule: 'Hot', severity: 'warning', acknowledged: false },
  ...{ started_at: at(3), ended_at: at(5) },
};

describe('toShapes', () => {
  const range = { fromMs: startMs, toMs: startMs + 10 * minuteMs, width: 100 };
  const firing = { ...incident, rule: 'Loud', started_at: at(9.9), ended_at: null };
  const sensor = toSensor(Array(10).fill(some), { incidents: [firing, incident] });
  const shapes = toShapes(toFleet(sensor, 60), sensor, range);

  test('has buckets and incidents at their times; a firing incident reaches the end, and is wide enough to see', () => {
    expect(shapes.cells.map(({ x, width }) => [x, width])).toEqual(
      Array.from({ length: 10 }, (_, place) => [place * 10, expect.closeTo(10, 9)]),
    );
    expect(shapes.incidents.map(({ x, width, incident: { rule } }) => [rule, x, width])).toEqual([
      ['Hot', 30, 20],
      ['Loud', 95, 5],
    ]);
  });

  test('clips what begins before the window or ends after it', () => {
    const window = { fromMs: startMs + 2.5 * minuteMs, toMs: startMs + 4.5 * minuteMs, width: 200 };
    const clipped = toShapes(toFleet(sensor, 60), sensor, window);
    expect(clipped.cells.map(({ x, width }) => [x, width])).toEqual([
      [0, 50],
      [50, 100],
      [150, 50],
    ]);
    expect(clipped.incidents[0]).toMatchObject({ x: 50, width: 150 });
  });

  test('finds what is at a place', () => {
    expect(findAt(shapes, 35)).toMatchObject({
      cell: { fromMs: startMs + 3 * minuteMs },
      incident: { rule: 'Hot' },
    });
    expect(findAt(shapes, 55)).toMatchObject({ cell: { fromMs: startMs + 5 * minuteMs }, incident: null });
    expect(findAt(shapes, 96)).toMatchObject({ incident: { rule: 'Loud' } });
    expect(findAt(shapes, -5)).toEqual({ cell: null, incident: null });
  });
});

describe('toChosenWindow', () => {
  const sensor = toSensor([some]);
  const [cell = null] = toCells(toFleet(sensor, 60), sensor);
  const muchLater = startMs + 100 * minuteMs;

  test('is around the bucket, but does not end after now', () => {
    expect(toChosenWindow({ sensor, cell, incident: null }, muchLater)).toEqual({ from: at(-1), to: at(2) });
    expect(toChosenWindow({ sensor, cell, incident: null }, startMs + 1.5 * minuteMs)).toEqual({
      from: at(-1),
      to: at(1.5),
    });
  });

  test('is around the incident at this place', () => {
    const long = { ...incident, ended_at: at(43) };
    expect(toChosenWindow({ sensor, cell, incident: long }, muchLater)).toEqual({ from: at(-7), to: at(53) });
    const firing = { ...incident, ended_at: null };
    expect(toChosenWindow({ sensor, cell, incident: firing }, startMs + 43 * minuteMs)).toEqual({
      from: at(-7),
      to: at(43),
    });
  });

  test('is not there for a whole row', () => {
    expect(toChosenWindow({ sensor, cell: null, incident: null }, muchLater)).toBeNull();
  });
});
