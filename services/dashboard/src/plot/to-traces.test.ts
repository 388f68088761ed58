import type { Series } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { toPlotTime } from '../time/local-time.ts';
import { describeSeries } from './describe-series.ts';
import { plotPalettes } from './plot-palette.ts';
import { findGaps, toTraces } from './to-traces.ts';

const series: Series = {
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
const options = { feature: 'sound_volume', unit: 'dB', palette: plotPalettes.light } as const;
const times = series.timestamp.map((timestamp) => toPlotTime(timestamp));

describe('toTraces', () => {
  test('draws all readings, and breaks the line at a gap', () => {
    expect(toTraces(series, options)[0]).toMatchObject({
      mode: 'lines',
      x: [times[0], times[1], times[2], times[3], times[3]],
      y: [60, 61, 95, null, 59],
    });
  });

  test('marks the anomalies by shape and by colour', () => {
    expect(toTraces(series, options)[1]).toMatchObject({
      mode: 'markers',
      name: 'Anomaly',
      x: [times[2]],
      y: [95],
      marker: { symbol: 'diamond', color: plotPalettes.light.anomaly },
    });
  });

  test('shows a single reading as a point', () => {
    const single = {
      ...series,
      timestamp: series.timestamp.slice(0, 1),
      sound_volume: [60],
      prediction: [0 as const],
    };
    expect(toTraces(single, options)[0]).toMatchObject({ mode: 'markers', y: [60] });
  });

  test('is empty without readings', () => {
    const empty = { ...series, timestamp: [], sound_volume: [], prediction: [] };
    expect(toTraces(empty, options).map((trace) => ('x' in trace ? trace.x : null))).toEqual([[], []]);
  });
});

describe('findGaps', () => {
  test('goes by the usual distance', () => {
    expect(findGaps([0, 60_000, 120_000, 180_000, 1_000_000])).toEqual([4]);
    expect(findGaps([0, 1000, 2000, 5000])).toEqual([]);
    expect(findGaps([])).toEqual([]);
  });
});

describe('describeSeries', () => {
  test('says in words what the chart shows', () => {
    expect(describeSeries(series, { feature: 'sound_volume', title: 'Noise level', unit: 'dB' })).toBe(
      'Noise level over time: 4 readings from 59.0 dB to 95.0 dB, last 59.0 dB, 1 anomaly',
    );
  });

  test('says so where there is nothing', () => {
    const empty = { ...series, count: 0, anomalies: 0, timestamp: [], sound_volume: [] };
    expect(describeSeries(empty, { feature: 'sound_volume', title: 'Noise level', unit: 'dB' })).toBe(
      'Noise level over time: no readings',
    );
  });
});
