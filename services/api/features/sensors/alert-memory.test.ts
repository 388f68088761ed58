import { describe, expect, test } from 'vitest';
import {
  type Arrival,
  createAlertMemory,
  fromMemoryRow,
  remember,
  toHoldMs,
  toMemoryRow,
} from './alert-memory.ts';

const start = Date.parse('2026-03-01T00:00:00.000Z');
const after = (...arrivals: (readonly [seconds: number, prediction: 0 | 1 | null])[]) =>
  arrivals
    .map(([seconds, prediction]): Arrival => [start + seconds * 1000, prediction])
    .reduce(remember, createAlertMemory());

/** A normal reading every 30 s, the last at 0 s. */
const every30s = Array.from({ length: 10 }, (_, index) => [(index - 9) * 30, 0] as const);

describe('remember', () => {
  test.each([
    ['an anomaly', [[0, 1]], 0],
    [
      'an early normal reading',
      [
        [0, 1],
        [9.999, 0],
      ],
      0,
    ],
    [
      'a normal reading after 10 s',
      [
        [0, 1],
        [10, 0],
      ],
      null,
    ],
    [
      'another anomaly',
      [
        [0, 1],
        [9, 1],
        [18, 0],
      ],
      9,
    ],
    [
      'a reading that is not scored',
      [
        [0, 1],
        [20, null],
      ],
      0,
    ],
    [
      'no anomaly',
      [
        [0, 0],
        [20, 0],
      ],
      null,
    ],
  ] as const)('after %s', (_name, arrivals, expected) => {
    const { anomalyMs } = after(...arrivals);
    expect(anomalyMs).toBe(expected === null ? null : start + expected * 1000);
  });

  test('waits for two usual intervals', () => {
    expect(toHoldMs(after(...every30s))).toBe(60_000);
    expect(after(...every30s, [30, 1], [60, 0]).anomalyMs).toBe(start + 30_000);
    expect(after(...every30s, [30, 1], [60, 0], [90, 0]).anomalyMs).toBeNull();
  });

  test('is the same after it was stored', () => {
    const memory = after(...every30s, [31, 1], [33, 0]);
    expect(fromMemoryRow(toMemoryRow(memory))).toEqual(memory);
  });
});
