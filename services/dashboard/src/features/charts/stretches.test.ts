import type { BucketSeries, ReadingSeries } from '@sensor-sentinel/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findNearest, toSeriesPoints } from './series-points.ts';
import { countStretches, type Stretch, toStretches, toStretchValues } from './stretches.ts';

const startMs = Date.parse('2026-11-22T10:00:00.000Z');
const span = { fromMs: startMs, toMs: startMs + 4000 };

function toReadings(
  temperatures: readonly number[],
  counts: { count: number; anomalies: number },
): ReadingSeries {
  return {
    type: 'climate',
    resolution: 'reading',
    from: null,
    to: null,
    ...counts,
    downsampled: counts.count > temperatures.length,
    anomalies_sampled: false,
    gaps: [],
    id: temperatures.map(String),
    timestamp: temperatures.map((_, index) => new Date(startMs + index * 1000).toISOString()),
    temperature: [...temperatures],
    humidity: [...temperatures],
    sound_volume: [...temperatures],
    prediction: temperatures.map((value) => (value > 25 ? 1 : 0)),
  };
}

const columns = { temperature: [20, 30], humidity: [50, 52], sound_volume: [60, 62] };
const buckets: BucketSeries = {
  type: 'climate',
  resolution: 60,
  from: null,
  to: null,
  count: 40,
  anomalies: 5,
  gaps: [],
  timestamp: ['2026-11-22T10:00:00.000Z', '2026-11-22T10:01:00.000Z'],
  ...columns,
  min: { temperature: [18, 25], humidity: [1, 1], sound_volume: [1, 1] },
  max: { temperature: [22, 35], humidity: [9, 9], sound_volume: [9, 9] },
  bucket_count: [30, 10],
  bucket_anomalies: [0, 5],
  top_anomalies: { id: [], timestamp: [], temperature: [], humidity: [], sound_volume: [] },
};

describe('toStretches', () => {
  test('puts each reading into its interval', () => {
    const points = toSeriesPoints(toReadings([20, 22, 24, 26], { count: 4, anomalies: 1 }));
    const [first, second] = toStretches(points, span, 2);
    expect(first).toMatchObject({ readings: 2, anomalies: 0 });
    expect(first && toStretchValues(points, first, 'temperature')).toEqual({ min: 20, max: 22, mean: 21 });
    expect(second).toMatchObject({ readings: 2, anomalies: 1 });
    expect(second && toStretchValues(points, second, 'temperature')?.mean).toBe(25);
  });

  test('is empty without readings', () => {
    const points = toSeriesPoints(toReadings([20], { count: 1, anomalies: 0 }));
    const second = toStretches(points, span, 2)[1];
    expect(second).toMatchObject({ readings: 0 });
    expect(second && toStretchValues(points, second, 'temperature')).toBeNull();
  });

  test('weights bucket means by their readings, and uses their extremes', () => {
    const points = toSeriesPoints(buckets);
    const [all] = toStretches(points, { fromMs: startMs, toMs: startMs + 120_000 }, 1);
    expect(all).toMatchObject({ readings: 40, anomalies: 5 });
    expect(all && toStretchValues(points, all, 'temperature')).toEqual({ min: 18, max: 35, mean: 22.5 });
  });

  test('counts the readings that a sample omits', () => {
    const points = toSeriesPoints(toReadings([20, 22, 24, 26], { count: 31, anomalies: 1 }));
    const stretches = toStretches(points, span, 2);
    expect(stretches.map(({ readings, anomalies }) => [readings, anomalies])).toEqual([
      [20, 0],
      [11, 1],
    ]);
  });

  test('loses no reading and no anomaly', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 20, max: 30 }), { maxLength: 4 }),
        fc.integer({ min: 1, max: 9 }),
        (values, count) => {
          const anomalies = values.filter((value) => value > 25).length;
          const points = toSeriesPoints(toReadings(values, { count: values.length, anomalies }));
          const stretches = toStretches(points, span, count);
          expect(stretches.reduce((sum, { readings }) => sum + readings, 0)).toBe(values.length);
          expect(stretches.reduce((sum, stretch) => sum + stretch.anomalies, 0)).toBe(anomalies);
        },
      ),
    );
  });
});

describe('toStretchValues', () => {
  const all: Stretch = { ...span, readings: 3, anomalies: 0, indexes: [0, 1, 2] };
  const series = { ...toReadings([20, 21, 22], { count: 3, anomalies: 0 }), humidity: [null, 50, null] };

  test('ignores missing values', () => {
    expect(toStretchValues(toSeriesPoints(series), all, 'humidity')).toEqual({ min: 50, max: 50, mean: 50 });
  });

  test('is null without a value', () => {
    expect(toStretchValues(toSeriesPoints(series), { ...all, indexes: [0] }, 'humidity')).toBeNull();
    expect(toStretchValues(toSeriesPoints(series), all, 'rpm')).toBeNull();
  });
});

describe('countStretches', () => {
  test('makes no interval shorter than a bucket', () => {
    const window = { fromMs: startMs, toMs: startMs + 600_000 };
    expect(countStretches(toSeriesPoints(buckets), window, 200)).toBe(10);
    expect(countStretches(toSeriesPoints(buckets), window, 5)).toBe(5);
  });
});

describe('findNearest', () => {
  test('finds the point on either side', () => {
    expect([0, 14, 16, 99].map((timeMs) => findNearest([10, 20, 30], timeMs))).toEqual([0, 0, 1, 2]);
    expect(findNearest([], 5)).toBe(-1);
  });
});
