import { type BucketSeries, climateType, type ReadingSeries } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { toSeriesPoints } from '../charts/series-points.ts';
import { describeLabel, describePoint } from './describe-point.ts';

const window = { type: 'climate', from: null, to: null, gaps: [], count: 600, anomalies: 12 };
const columns = { temperature: [24.12], humidity: [51], sound_volume: [60.04] };
const readings: ReadingSeries = {
  ...window,
  ...columns,
  resolution: 'reading',
  downsampled: false,
  anomalies_sampled: false,
  id: ['1'],
  timestamp: ['2026-11-22T10:00:00.000Z'],
  prediction: [1],
};
const buckets: BucketSeries = {
  ...window,
  ...columns,
  resolution: 60,
  timestamp: ['2026-11-22T10:00:00.000Z'],
  min: { temperature: [20], humidity: [41], sound_volume: [30] },
  max: { temperature: [28], humidity: [59], sound_volume: [99] },
  bucket_count: [600],
  bucket_anomalies: [12],
  top_anomalies: { id: [], timestamp: [], temperature: [], humidity: [], sound_volume: [] },
};

describe('describePoint', () => {
  test('describes a reading', () => {
    expect(
      describePoint(toSeriesPoints(readings), { index: 0, time: '10:00:00' }, climateType.features),
    ).toBe('10:00:00: Temperature 24.1 °C, Humidity 51.0 %, Noise level 60.0 dB; Anomaly');
  });

  test('describes a bucket', () => {
    expect(describePoint(toSeriesPoints(buckets), { index: 0, time: '10:00:30' }, climateType.features)).toBe(
      '10:00:30: Temperature mean 24.1 °C (20.0 to 28.0), Humidity mean 51.0 % (41.0 to 59.0), ' +
        'Noise level mean 60.0 dB (30.0 to 99.0); 12 of 600 anomalous (2.0 %)',
    );
  });
});

test('describePoint has an en dash for a missing value', () => {
  const missing = toSeriesPoints({ ...readings, humidity: [null] });
  expect(describePoint(missing, { index: 0, time: '10:00:00' }, climateType.features)).toContain(
    'Humidity –,',
  );
});

describe('describeLabel', () => {
  test('says when there are no anomalies', () => {
    expect(describeLabel(toSeriesPoints({ ...readings, prediction: [0] }), 0)).toBe('Normal');
    const calm = { ...buckets, bucket_anomalies: [0] };
    expect(describeLabel(toSeriesPoints(calm), 0)).toBe('600 readings, no anomalies');
  });

  test('says when no model has scored the readings', () => {
    expect(describeLabel(toSeriesPoints({ ...readings, prediction: [null] }, false), 0)).toBe('Not scored');
    const calm = { ...buckets, bucket_anomalies: [0] };
    expect(describeLabel(toSeriesPoints(calm, false), 0)).toBe('600 readings, not scored');
  });
});
