import { climateType, type SensorSeries } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { findFeature } from '../types/format-feature.ts';
import { describeSampling, describeSeries } from './describe-series.ts';
import { buckets, readings } from './test-series.ts';
import { toSeriesPoints } from './use-series.ts';

const noise = findFeature(climateType.features, 'sound_volume');

function describeOf(series: readonly SensorSeries[], hasModel = true): string {
  return describeSeries(toSeriesPoints(series, hasModel), noise);
}

describe('describeSeries', () => {
  test('describes the chart of one sensor', () => {
    expect(describeOf([readings])).toBe(
      'Noise level over time: 4 readings from 59.0 dB to 95.0 dB, last 59.0 dB, 1 anomaly, 1 gap',
    );
  });

  test('uses the extremes of buckets', () => {
    expect(describeOf([buckets])).toBe(
      'Noise level over time: 25\u202f000 readings from 31.0 dB to 93.0 dB, mean of the last 1 h 62.0 dB, 60 anomalies, 1 gap',
    );
  });

  test('sums up several sensors', () => {
    expect(describeOf([readings, { ...readings, sound_volume: [50, 61, 95, 59] }])).toBe(
      'Noise level over time: 8 readings of 2 sensors from 50.0 dB to 95.0 dB, 2 anomalies, 2 gaps',
    );
  });

  test('ignores missing values, and counts no anomalies where nothing is scored', () => {
    const missing = { ...readings, anomalies: 0, sound_volume: [60, null, 95, null] };
    expect(describeOf([missing], false)).toBe(
      'Noise level over time: 4 readings from 60.0 dB to 95.0 dB, last 95.0 dB, 1 gap',
    );
    expect(describeOf([{ ...missing, sound_volume: [null, null, null, null] }])).toBe(
      'Noise level over time: no values',
    );
    expect(describeOf([])).toBe('Noise level over time: no readings');
  });
});

describe('describeSampling', () => {
  const describeOfAll = (...series: SensorSeries[]) => describeSampling(toSeriesPoints(series, true));

  test('describes the points', () => {
    expect(describeOfAll(readings)).toBeNull();
    expect(describeOfAll(buckets)).toBe('Each point is 1 h: minimum, mean, maximum; 25\u202f000 readings');
    expect(describeOfAll(buckets, { ...buckets, resolution: 172_800 })).toMatch(
      /^Each point is up to 2 days:/,
    );
    expect(describeOfAll(buckets, readings)).toMatch(/^Each point is up to 1 h:/);
  });

  test('says which readings are kept', () => {
    const sampled = { ...readings, count: 300, downsampled: true };
    expect(describeOfAll(sampled)).toBe('Downsampled: 4 of 300 readings, keeping every anomaly');
    expect(describeOfAll(readings, { ...sampled, anomalies_sampled: true })).toBe(
      'Downsampled: 8 of 304 readings, keeping the most anomalous',
    );
  });
});
