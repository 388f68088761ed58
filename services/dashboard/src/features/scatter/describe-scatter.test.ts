import { climateType, type ReadingSeries } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { findFeature } from '../types/format-feature.ts';
import { describeScatter, describeShown, listScatterRows, toScatterColumns } from './describe-scatter.ts';

const points = [
  { x: 51, y: 24, prediction: 0 as const },
  { x: 52, y: 23, prediction: 0 as const },
  { x: 41, y: 19.5, prediction: 1 as const },
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
    expect(listScatterRows(unscored, axes)[2]).toEqual(['Not scored', '3', '41.0 to 52.0', '19.5 to 24.0']);
  });

  test('has a table row for each prediction', () => {
    expect(toScatterColumns(axes)).toHaveLength(4);
    expect(listScatterRows(points, axes)).toEqual([
      ['Normal', '2', '51.0 to 52.0', '23.0 to 24.0'],
      ['Anomaly', '1', '41.0 to 41.0', '19.5 to 19.5'],
    ]);
    expect(listScatterRows([], axes)[1]).toEqual(['Anomaly', '0', '–', '–']);
  });
});

test('describeShown says which readings are shown, and how many have a missing value', () => {
  const series: ReadingSeries = {
    ...{ type: 'climate', from: null, to: null, gaps: [], timestamp: [], id: [], prediction: [] },
    ...{ resolution: 'reading', count: 300, anomalies: 2, downsampled: false, anomalies_sampled: false },
  };
  expect(describeShown({ series, shown: 300, missing: 0 })).toBe('300 of 300 readings');
  expect(describeShown({ series, shown: 270, missing: 30 })).toBe(
    '270 of 300 readings; 30 without both values',
  );
  expect(describeShown({ series, shown: 200, missing: 0 })).toBe(
    '200 of 300 readings, keeping every anomaly',
  );
});
