import { describe, expect, test } from 'vitest';
import { addArrival, createArrivals, usualIntervalMs } from './usual-interval.ts';

function usualIntervalAfter(...gaps: number[]): number | null {
  const arrivals = createArrivals();
  let timeMs = 0;
  addArrival(arrivals, timeMs);
  for (const gap of gaps) {
    timeMs += gap;
    addArrival(arrivals, timeMs);
  }
  return usualIntervalMs(arrivals);
}

describe('usualIntervalMs', () => {
  test('is unknown until five gaps are known', () => {
    expect(usualIntervalAfter(1000, 1000, 1000, 1000)).toBeNull();
    expect(usualIntervalAfter(1000, 1000, 1000, 1000, 1000)).toBe(1000);
  });

  test('gives the newest gap a tenth of the weight', () => {
    expect(usualIntervalAfter(1000, 1000, 1000, 1000, 2000)).toBe(1100);
  });

  test('takes arrivals within 100 ms for one', () => {
    expect(usualIntervalAfter(1000, 50, 1000, 100, 1000, 0, 1000, 1000)).toBe(1000);
  });

  test('learns nothing from an arrival before the newest one', () => {
    expect(usualIntervalAfter(1000, 1000, -500, 1500, 1000, 1000)).toBe(1000);
  });

  test('learns nothing from an outage', () => {
    const usual = [1000, 1000, 1000, 1000, 1000];
    expect(usualIntervalAfter(...usual, 10_001)).toBe(1000);
    expect(usualIntervalAfter(...usual, 10_000)).toBe(1900);
  });

  test('starts anew after five outages without a usual gap in between', () => {
    const usual = [1000, 1000, 1000, 1000, 1000];
    const outages = (count: number) => Array<number>(count).fill(60_000);
    expect(usualIntervalAfter(...usual, ...outages(4), 1000, ...outages(4))).toBe(1000);
    expect(usualIntervalAfter(...usual, ...outages(5))).toBeNull();
    expect(usualIntervalAfter(...usual, ...outages(9))).toBe(60_000);
  });
});
