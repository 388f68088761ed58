import type { BucketSeries, ReadingSeries } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { toSeriesPoints } from './series-points.ts';
import { listAnomalies, toDiamonds } from './to-diamonds.ts';

const startMs = Date.parse('2026-11-22T10:00:00.000Z');
const times = [0, 1, 2].map((second) => new Date(startMs + second * 1000).toISOString());
const values = { temperature: [24, 19, 25], humidity: [51, 41, 52], sound_volume: [60, 99, 61] };
const common = {
  type: 'climate',
  from: null,
  to: null,
  gaps: [],
  timestamp: times,
  ...values,
  count: 3,
  anomalies: 1,
};
const readings: ReadingSeries = {
  ...common,
  resolution: 'reading',
  downsampled: false,
  anomalies_sampled: false,
  id: ['1', '2', '3'],
  prediction: [0, 1, 0],
};
const newest = {
  id: ['2'],
  timestamp: [times[1] ?? ''],
  temperature: [19],
  humidity: [41],
  sound_volume: [99],
};
const buckets: BucketSeries = {
  ...common,
  resolution: 60,
  min: values,
  max: values,
  bucket_count: [1, 1, 1],
  bucket_anomalies: [0, 1, 0],
  top_anomalies: newest,
};

describe('listAnomalies', () => {
  test('lists the anomalous readings', () => {
    expect(listAnomalies(toSeriesPoints(readings), 'temperature')).toEqual([
      { timeMs: startMs + 1000, value: 19 },
    ]);
  });

  test('lists the anomalies of buckets if all are known, otherwise none', () => {
    expect(listAnomalies(toSeriesPoints(buckets), 'humidity')).toEqual([
      { timeMs: startMs + 1000, value: 41 },
    ]);
    expect(listAnomalies(toSeriesPoints({ ...buckets, anomalies: 2 }), 'humidity')).toEqual([]);
  });
});

test('listAnomalies leaves out anomalies without a value', () => {
  const missing = { ...readings, humidity: [51, null, 52] };
  expect(listAnomalies(toSeriesPoints(missing), 'humidity')).toEqual([]);
});

describe('toDiamonds', () => {
  const area = {
    span: { fromMs: startMs, toMs: startMs + 2000 },
    scale: { low: 10, high: 20, ticks: [] },
    width: 200,
    height: 100,
  };

  test('centers a diamond on its time and value', () => {
    expect(toDiamonds([{ timeMs: startMs + 1000, value: 19 }], area)).toBe('M96.0 10.0l4 -4l4 4l-4 4z');
  });

  test('omits anomalies outside of the window', () => {
    expect(toDiamonds([{ timeMs: startMs - 1, value: 19 }], area)).toBe('');
  });
});
