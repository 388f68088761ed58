import { climateType } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { findFeature } from '../types/format-feature.ts';
import { scatterMargin, toMarks, toScales } from './to-marks.ts';

const normal = { x: 40, y: 20, prediction: 0 as const };
const anomalous = { x: 60, y: 28, prediction: 1 as const };
const unscored = { x: 50, y: 24, prediction: null };
const axes = {
  x: findFeature(climateType.features, 'humidity'),
  y: findFeature(climateType.features, 'temperature'),
};
const size = { width: 300, height: 200 };

describe('toScales', () => {
  test('puts low values at the left and bottom, within the margins', () => {
    const { toX, toY, fromX, fromY, x, y } = toScales([normal, anomalous], axes, size);
    expect([toX(x.low), toX(x.high)]).toEqual([scatterMargin.left, size.width - scatterMargin.right]);
    expect([toY(y.high), toY(y.low)]).toEqual([scatterMargin.top, size.height - scatterMargin.bottom]);
    expect([fromX(toX(52)), fromY(toY(24))]).toEqual([expect.closeTo(52), expect.closeTo(24)]);
    expect(toX(normal.x)).toBeLessThan(toX(anomalous.x));
    expect(toY(normal.y)).toBeGreaterThan(toY(anomalous.y));
  });
});

test('toScales leaves room for long numbers', () => {
  const long = toScales(
    [
      { ...normal, y: 1013.5 },
      { ...normal, y: 1020 },
    ],
    axes,
    size,
  );
  expect(long.left).toBeGreaterThan(scatterMargin.left);
});

describe('toMarks', () => {
  test('draws anomalies with another shape', () => {
    const marks = toMarks([normal, normal, anomalous, unscored], toScales([normal, anomalous], axes, size));
    expect(marks.normal.match(/M/g)).toHaveLength(2);
    expect(marks.normal).toContain('a2.5');
    expect(marks.anomalous.match(/M/g)).toHaveLength(1);
    expect(marks.unscored.match(/M/g)).toHaveLength(1);
    expect(marks.anomalous).not.toContain('a');
  });
});
