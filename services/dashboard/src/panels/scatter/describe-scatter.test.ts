import { describe, expect, test } from 'vitest';
import { describeScatter, listScatterRows, toScatterColumns } from './describe-scatter.ts';

const points = [
  { temperature: 24, humidity: 51, sound_volume: 60, prediction: 0 as const },
  { temperature: 23, humidity: 52, sound_volume: 61, prediction: 0 as const },
  { temperature: 19.5, humidity: 41, sound_volume: 99, prediction: 1 as const },
];
const axes = { x: 'humidity', y: 'temperature' } as const;

describe('the text of a scatter plot', () => {
  test('names its axes and counts what it shows', () => {
    expect(describeScatter(points, axes)).toBe(
      'Temperature (°C) against Humidity (%): 2 normal readings and 1 anomaly',
    );
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
