import { climateType } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { toReadingPairs, toScatterAxes, withAxis } from './scatter-points.ts';

const { features } = climateType;
const [temperature, humidity, noise] = features;

describe('toScatterAxes', () => {
  test('shows the second feature against the first, or the chosen ones', () => {
    expect(toScatterAxes(features, { x: null, y: null })).toEqual({ x: humidity, y: temperature });
    expect(toScatterAxes(features, { x: 'sound_volume', y: null })).toEqual({ x: noise, y: temperature });
    expect(toScatterAxes(features, { x: 'rpm', y: null })).toEqual({ x: humidity, y: temperature });
  });

  test('needs two features', () => {
    expect(toScatterAxes(features.slice(0, 1), { x: null, y: null })).toBeNull();
  });
});

test('withAxis swaps the axes if the feature is on the other one', () => {
  const axes = toScatterAxes(features, { x: null, y: null });
  expect(axes && withAxis(axes, 'x', 'temperature')).toEqual({ x: 'temperature', y: 'humidity' });
  expect(axes && withAxis(axes, 'y', 'sound_volume')).toEqual({ x: 'humidity', y: 'sound_volume' });
});

test('toReadingPairs leaves out readings without one of the values', () => {
  const axes = toScatterAxes(climateType.features, { x: null, y: null });
  const common = { id: '1', type: 'climate', sensor_id: 'a', timestamp: '2026-11-22T10:00:00.000Z' };
  const reading = { ...common, prediction: null, score: null, model: null, temperature: 24 };
  expect(
    axes &&
      toReadingPairs(
        [
          { ...reading, humidity: 51 },
          { ...reading, humidity: null },
        ],
        axes,
      ),
  ).toEqual([{ id: '1', x: 51, y: 24, prediction: null }]);
});
