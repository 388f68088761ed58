import { describe, expect, test } from 'vitest';
import { scatterMargin, toMarks, toScales } from './to-marks.ts';

const normal = { temperature: 20, humidity: 40, sound_volume: 60, prediction: 0 as const };
const anomalous = { temperature: 28, humidity: 60, sound_volume: 99, prediction: 1 as const };
const axes = { x: 'humidity', y: 'temperature' } as const;
const size = { width: 300, height: 200 };

describe('toScales', () => {
  test('puts low values at the left and bottom, within the margins', () => {
    const { toX, toY, fromX, fromY, x, y } = toScales([normal, anomalous], axes, size);
    expect([toX(x.low), toX(x.high)]).toEqual([scatterMargin.left, size.width - scatterMargin.right]);
    expect([toY(y.high), toY(y.low)]).toEqual([scatterMargin.top, size.height - scatterMargin.bottom]);
    expect([fromX(toX(52)), fromY(toY(24))]).toEqual([expect.closeTo(52), expect.closeTo(24)]);
    expect(toX(normal.humidity)).toBeLessThan(toX(anomalous.humidity));
    expect(toY(normal.temperature)).toBeGreaterThan(toY(anomalous.temperature));
  });
});

describe('toMarks', () => {
  test('draws anomalies with another shape', () => {
    const marks = toMarks([normal, normal, anomalous], axes, toScales([normal, anomalous], axes, size));
    expect(marks.normal.match(/M/g)).toHaveLength(2);
    expect(marks.normal).toContain('a2.5');
    expect(marks.anomalous.match(/M/g)).toHaveLength(1);
    expect(marks.anomalous).not.toContain('a');
  });
});
