import { type BucketSeries, climateType, type ReadingSeries } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { findFeature } from '../types/format-feature.ts';
import { describeSampling, describeSeries } from './describe-series.ts';
import { plotPalettes } from './plot-palette.ts';
import { toSeriesPoints } from './series-points.ts';
import { toTraces } from './to-traces.ts';

const series: ReadingSeries = {
  type: 'climate',
  resolution: 'reading',
  gaps: [{ from: '2026-11-22T10:00:03.000Z', to: '2026-11-22T10:02:00.000Z' }],
  from: '2026-11-22T10:00:00.000Z',
  to: null,
  count: 4,
  anomalies: 1,
  downsampled: false,
  anomalies_sampled: false,
  id: ['1', '2', '3', '4'],
  timestamp: [
    '2026-11-22T10:00:01.000Z',
    '2026-11-22T10:00:02.000Z',
    '2026-11-22T10:00:03.000Z',
    '2026-11-22T10:02:00.000Z',
  ],
  temperature: [24, 24.5, 27.9, 23.5],
  humidity: [52, 51, 41, 52.5],
  sound_volume: [60, 61, 95, 59],
  prediction: [0, 0, 1, 0],
};
const buckets: BucketSeries = {
  type: 'climate',
  from: null,
  to: null,
  count: 25_000,
  anomalies: 60,
  resolution: 3600,
  gaps: [{ from: '2026-11-22T11:00:00.000Z', to: '2026-11-22T14:00:00.000Z' }],
  timestamp: ['2026-11-22T10:00:00.000Z', '2026-11-22T11:00:00.000Z', '2026-11-22T14:00:00.000Z'],
  temperature: [24, 25, 26],
  humidity: [50, 51, 52],
  sound_volume: [60, 61, 62],
  min: { temperature: [20, 21, 22], humidity: [45, 45, 45], sound_volume: [31, 32, 33] },
  max: { temperature: [28, 29, 30], humidity: [55, 55, 55], sound_volume: [91, 92, 93] },
  bucket_count: [10_000, 10_000, 5000],
  bucket_anomalies: [50, 0, 10],
  top_anomalies: { id: [], timestamp: [], temperature: [], humidity: [], sound_volume: [] },
};
const options = { feature: 'sound_volume', palette: plotPalettes.light } as const;
const times = series.timestamp.map((timestamp) => Date.parse(timestamp));

describe('toTraces', () => {
  test('draws all readings, and interrupts the line at a gap', () => {
    expect(toTraces(toSeriesPoints(series), options)[0]).toMatchObject({
      x: [times[0], times[1], times[2], null, times[3]],
      y: [60, 61, 95, null, 59],
    });
  });

  test('shows a single reading as a point', () => {
    const single = {
      ...series,
      timestamp: series.timestamp.slice(0, 1),
      sound_volume: [60],
      prediction: [0 as const],
    };
    expect(toTraces(toSeriesPoints(single), options)[0]).toMatchObject({
      mode: 'lines+markers',
      marker: { size: [5] },
      y: [60],
    });
  });

  test('interrupts the line at a missing value', () => {
    const missing = { ...series, sound_volume: [60, null, 95, 59] };
    expect(toTraces(toSeriesPoints(missing), options)[0]).toMatchObject({
      x: [times[0], null, times[2], null, times[3]],
      y: [60, null, 95, null, 59],
      marker: { size: [5, 0, 5, 0, 5] },
    });
  });

  test('is empty without readings', () => {
    const empty = { ...series, timestamp: [], sound_volume: [], prediction: [] };
    expect(toTraces(toSeriesPoints(empty), options).map((trace) => ('x' in trace ? trace.x : null))).toEqual([
      [],
    ]);
  });
});

describe('toTraces of buckets', () => {
  const [envelope, mean] = toTraces(toSeriesPoints(buckets), options);
  const middles = ['10:30', '11:30', '14:30'].map((time) => Date.parse(`2026-11-22T${time}:00.000Z`));
  const [first, second, third] = middles;

  test('fills from minimum to maximum, separately between gaps', () => {
    expect(envelope).toMatchObject({
      x: [first, second, second, first, null, third, third],
      y: [91, 92, 32, 31, null, 93, 33],
      fill: 'toself',
    });
  });

  test('draws means in the middle of their hours, and isolated ones as points', () => {
    expect(mean).toMatchObject({
      name: 'Mean of 1 h',
      x: [first, second, null, third],
      y: [60, 61, null, 62],
      marker: { size: [0, 0, 0, 5] },
    });
  });
});

describe('describeSampling', () => {
  test('describes the points', () => {
    expect(describeSampling(buckets)).toBe('Each point is 1 h: minimum, mean, maximum; 25\u202f000 readings');
    expect(describeSampling({ ...buckets, resolution: 600 })).toMatch(/^Each point is 10 min/);
    expect(describeSampling({ ...buckets, resolution: 172_800 })).toMatch(/^Each point is 2 days/);
    expect(describeSampling(series)).toBeNull();
  });
});

describe('describeSeries', () => {
  const noise = findFeature(climateType.features, 'sound_volume');

  test('uses the extremes of buckets', () => {
    expect(describeSeries(toSeriesPoints(buckets), noise)).toBe(
      'Noise level over time: 25\u202f000 readings from 31.0 dB to 93.0 dB, mean of the last 1 h 62.0 dB, 60 anomalies, 1 gap',
    );
  });

  test('describes the chart', () => {
    expect(describeSeries(toSeriesPoints(series), noise)).toBe(
      'Noise level over time: 4 readings from 59.0 dB to 95.0 dB, last 59.0 dB, 1 anomaly, 1 gap',
    );
  });

  test('ignores missing values, and counts no anomalies where nothing is scored', () => {
    const missing = { ...series, anomalies: 0, sound_volume: [60, null, 95, null] };
    expect(describeSeries(toSeriesPoints(missing, false), noise)).toBe(
      'Noise level over time: 4 readings from 60.0 dB to 95.0 dB, last 95.0 dB, 1 gap',
    );
    const none = { ...missing, sound_volume: [null, null, null, null] };
    expect(describeSeries(toSeriesPoints(none), noise)).toBe('Noise level over time: no values');
  });

  test('says when there are no readings', () => {
    const empty = { ...series, count: 0, anomalies: 0, timestamp: [], sound_volume: [], prediction: [] };
    expect(describeSeries(toSeriesPoints(empty), noise)).toBe('Noise level over time: no readings');
  });
});
