import { describe, expect, test } from 'vitest';
import { toBars } from './sensor-sparkline.tsx';

describe('toBars', () => {
  test('draws rates from the bottom, with a minimum height', () => {
    expect(toBars([0, null, 0.5, 1], 'anomaly_rate')).toEqual([
      { step: 0, top: 0.96, height: 0.04 },
      { step: 2, top: 0.5, height: 0.5 },
      { step: 3, top: 0, height: 1 },
    ]);
  });

  test('scales feature values to their minimum and maximum', () => {
    const [low, high, middle] = toBars([20, 24, 22], 'temperature');
    expect(low?.top).toBeCloseTo(0.88, 10);
    expect(high?.top).toBe(0);
    expect(middle?.top).toBeCloseTo(0.44, 10);
  });

  test('centers equal values, and has no bars without values', () => {
    expect(toBars([5, 5], 'humidity').map(({ top }) => top)).toEqual([0.44, 0.44]);
    expect(toBars([null, null], 'humidity')).toEqual([]);
  });
});
