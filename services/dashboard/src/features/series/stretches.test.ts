import { climateType, type SensorSeries } from '@sensor-sentinel/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createZone } from '../time/zone.ts';
import { listSeriesRows, toSeriesColumns, toStretches } from './stretches.ts';
import { buckets, readings } from './test-series.ts';
import { toSeriesPoints } from './use-series.ts';

const features = climateType.features.filter(({ name }) => name !== 'humidity');
const window = { from: '2026-11-22T10:00:00.000Z', to: '2026-11-22T10:04:00.000Z' };
const day = { from: '2026-11-22T10:00:00.000Z', to: '2026-11-22T15:00:00.000Z' };

function split(series: readonly SensorSeries[], of = window, most = 2) {
  return toStretches(toSeriesPoints(series, true).lines, { ...of, most }, features);
}

describe('toStretches', () => {
  test('puts each reading into its interval', () => {
    const [first, second] = split([readings]);
    expect(first).toMatchObject({ readings: 3, anomalies: 1 });
    expect(first?.values[1]).toEqual({ min: 60, max: 95, mean: 72 });
    expect(second).toMatchObject({ readings: 1, anomalies: 0 });
  });

  test('puts the readings of several sensors together', () => {
    const other = { ...readings, sound_volume: [40, null, null, null] };
    expect(split([readings, other])[0]).toMatchObject({
      readings: 6,
      values: [
        { min: 24, max: 27.9 },
        { min: 40, max: 95, mean: 64 },
      ],
    });
  });

  test('weights bucket means by their readings, and uses their extremes', () => {
    const [all] = split([buckets], day, 1);
    expect(all).toMatchObject({ readings: 25_000, anomalies: 60 });
    expect(all?.values[0]).toEqual({ min: 20, max: 30, mean: 24.8 });
  });

  test('makes no interval shorter than a bucket, and has no values where there are none', () => {
    const hours = split([buckets], day, 200);
    expect(hours.map((hour) => hour.readings)).toEqual([10_000, 10_000, 0, 0, 5000]);
    expect(hours[2]?.values).toEqual([null, null]);
  });

  test('counts the readings that a sample omits', () => {
    const sampled = { ...readings, count: 31, anomalies: 1 };
    expect(split([sampled]).map((stretch) => [stretch.readings, stretch.anomalies])).toEqual([
      [21, 1],
      [10, 0],
    ]);
  });

  test('loses no reading and no anomaly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), (most) => {
        const stretches = split([readings, readings], window, most);
        expect(stretches.reduce((sum, stretch) => sum + stretch.readings, 0)).toBe(8);
        expect(stretches.reduce((sum, { anomalies }) => sum + anomalies, 0)).toBe(2);
      }),
    );
  });
});

describe('the table of a series', () => {
  const zone = createZone('Europe/Berlin');

  test('has the latest time first, in the time zone', () => {
    const rows = listSeriesRows(toSeriesPoints([readings], true), { ...window, zone }, features);
    expect(rows).toEqual([
      ['2026-11-22 11:02:00', '1', '0', '23.5 (23.5 to 23.5)', '59.0 (59.0 to 59.0)'],
      ['2026-11-22 11:00:00', '3', '1', '25.5 (24.0 to 27.9)', '72.0 (60.0 to 95.0)'],
    ]);
  });

  test('names the sensor where there are several', () => {
    const points = toSeriesPoints([readings, { ...readings, sensor_id: 'attic' }], true);
    expect(toSeriesColumns(points, features)[1]).toBe('Sensor');
    const rows = listSeriesRows(points, { ...window, zone }, features);
    expect(rows.map(([, sensor]) => sensor)).toEqual(['hall', 'hall', 'attic', 'attic']);
  });
});
