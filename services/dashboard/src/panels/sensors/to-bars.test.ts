import { describe, expect, test } from 'vitest';
import { toBars } from './to-bars.ts';

describe('the bars of a sparkline', () => {
  test('stand on the line where they are rates, and are seen where nothing was anomalous', () => {
    expect(toBars([0, null, 0.5, 1], 'anomaly_rate')).toEqual([
      { step: 0, top: 0.96, height: 0.04 },
      { step: 2, top: 0.5, height: 0.5 },
      { step: 3, top: 0, height: 1 },
    ]);
  });

  test('reach from the least value to the greatest of a feature', () => {
    const [low, high, middle] = toBars([20, 24, 22], 'temperature');
    expect(low?.top).toBeCloseTo(0.88, 10);
    expect(high?.top).toBe(0);
    expect(middle?.top).toBeCloseTo(0.44, 10);
  });

  test('are in the middle where all values are equal, and none where there is none', () => {
    expect(toBars([5, 5], 'humidity').map(({ top }) => top)).toEqual([0.44, 0.44]);
    expect(toBars([null, null], 'humidity')).toEqual([]);
  });
});
