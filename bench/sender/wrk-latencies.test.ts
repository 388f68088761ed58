import { describe, expect, test } from 'vitest';
import { countAll, percentile, undoCorrection } from './wrk-latencies.ts';

function toLatencies(counts: Record<number, number>): Map<number, number> {
  return new Map(Object.entries(counts).map(([microseconds, count]) => [Number(microseconds), count]));
}

describe('undoCorrection', () => {
  test('removes the latencies of requests that were never sent', () => {
    // With 10 µs expected, 35 stands also for 25 and 15, not for 5; 25 for 15; 20 not for 10, which is no longer than that.
    const corrected = { 5: 4, 10: 2, 15: 4, 20: 1, 25: 3, 35: 1 };
    const measured = undoCorrection(toLatencies(corrected), 10);
    expect(Object.fromEntries(measured)).toEqual({ 5: 4, 10: 2, 15: 1, 20: 1, 25: 2, 35: 1 });
  });

  test('refuses counts that wrk cannot report', () => {
    const corrected = toLatencies({ 15: 2, 25: 3 });
    expect(() => undoCorrection(corrected, 10)).toThrow('3 of 25 µs, but not as many of 15 µs');
  });

  test('keeps latencies that wrk does not correct', () => {
    const latencies = new Map([
      [3, 7],
      [19, 2],
    ]);
    expect(undoCorrection(latencies, 10)).toEqual(latencies);
  });
});

describe('percentile', () => {
  test('is the nearest rank, whatever the order of the counts', () => {
    const latencies = new Map([
      [90, 1],
      [10, 50],
      [20, 49],
    ]);
    expect(countAll(latencies)).toBe(100);
    expect([1, 50, 51, 99, 100].map((percent) => percentile(latencies, percent))).toEqual([
      10, 10, 20, 20, 90,
    ]);
  });
});
