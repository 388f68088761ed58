import { climateType } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { toSeriesPoints } from '../series/use-series.ts';
import { findFeature } from '../types/format-feature.ts';
import { describeScatter, describeShown } from './describe-scatter.ts';

const points = [
  { id: '1', x: 51, y: 24, prediction: 0 as const },
  { id: '2', x: 52, y: 23, prediction: 0 as const },
  { id: '3', x: 41, y: 19.5, prediction: 1 as const },
];
const unscored = points.map((point) => ({ ...point, prediction: null }));
const axes = {
  x: findFeature(climateType.features, 'humidity'),
  y: findFeature(climateType.features, 'temperature'),
};

describe('the text of a scatter plot', () => {
  test('names its axes and counts what it shows', () => {
    expect(describeScatter(points, axes)).toBe(
      'Temperature (°C) against Humidity (%): 2 normal readings and 1 anomaly',
    );
  });

  test('does not call a reading normal that no model has scored', () => {
    expect(describeScatter(unscored, axes)).toContain(': 3 readings without a prediction');
  });
});

describe('describeShown', () => {
  const empty = {
    type: 'climate',
    from: null,
    to: null,
    gaps: [],
    id: [],
    prediction: [],
    anomalies_sampled: false,
  };
  const toPoints = (count: number, drawn: number) => {
    const timestamp = Array.from({ length: drawn }, () => '2026-11-22T10:00:00.000Z');
    const counts = { count, anomalies: 2, downsampled: drawn < count };
    const prediction = timestamp.map(() => 0 as const);
    return toSeriesPoints(
      [{ ...empty, ...counts, resolution: 'reading', timestamp, prediction, sensor_id: null }],
      true,
    );
  };

  test('says which readings are shown, and how many have a missing value', () => {
    expect(describeShown(toPoints(300, 300), { shown: 300, sampled: null })).toBe('300 of 300 readings');
    expect(describeShown(toPoints(300, 300), { shown: 270, sampled: null })).toBe(
      '270 of 300 readings; 30 without both values',
    );
    expect(describeShown(toPoints(300, 200), { shown: 200, sampled: null })).toBe(
      '200 of 300 readings, keeping every anomaly',
    );
    expect(describeShown(toPoints(301, 301), { shown: 301, sampled: null })).toBe(
      '301 of 301 readings; at most 300 normal readings and 300 anomalies are drawn',
    );
  });

  test('says so if a sample is shown', () => {
    expect(describeShown(toPoints(9000, 100), { shown: 299, sampled: 300 })).toBe(
      '299 of 9\u202f000 readings: the newest of each fifth of the window; 1 without both values',
    );
  });
});
