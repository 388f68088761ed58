import { climateType } from '@sensor-sentinel/contracts';
import { expect, test } from 'vitest';
import { toScatterAxes } from './scatter-axes.ts';
import { toReadingPairs } from './to-scatter-points.ts';

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
  ).toEqual([{ x: 51, y: 24, prediction: null }]);
});
