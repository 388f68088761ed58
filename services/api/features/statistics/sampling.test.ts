import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { selectMinMaxLttb } from './min-max-lttb.ts';
import { findGapsOfBuckets, findGapsOfReadings, sampleReadings } from './sample-readings.ts';
import { chooseBucketMs, hourMs, minuteMs } from './window-plan.ts';

const dayMs = 24 * hourMs;

function toLine(values: readonly number[]) {
  return { times: Float64Array.from(values, (_, index) => index), values: Float64Array.from(values) };
}

describe('selectMinMaxLttb', () => {
  test('keeps at most `points` indexes in order, including the ends and the extremes', () => {
    const values = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), {
      minLength: 1,
      maxLength: 900,
    });
    const property = fc.property(values, fc.integer({ min: 10, max: 60 }), (given, points) => {
      const indexes = selectMinMaxLttb(toLine(given), points);
      expect(indexes.length).toBeLessThanOrEqual(Math.max(points, 0));
      expect(indexes).toEqual([...new Set(indexes)].sort((a, b) => a - b));
      expect([indexes[0], indexes.at(-1)]).toEqual([0, given.length - 1]);
      const kept = indexes.map((place) => given[place] ?? Number.NaN);
      expect([Math.min(...kept), Math.max(...kept)]).toEqual([Math.min(...given), Math.max(...given)]);
    });
    fc.assert(property, { numRuns: 200, seed: 7 });
  });

  test('keeps everything if there are few values', () => {
    expect(selectMinMaxLttb(toLine([3, 1, 2]), 10)).toEqual([0, 1, 2]);
  });

  test('keeps a spike that is not the highest value', () => {
    const values = Array.from({ length: 1000 }, (_, index) =>
      index === 500 ? 100 : index === 200 ? 50 : index % 2,
    );
    expect(selectMinMaxLttb(toLine(values), 20)).toEqual(expect.arrayContaining([200, 500]));
  });

  test('keeps the shape of the line', () => {
    const values = Array.from({ length: 10_000 }, (_, index) => Math.sin(index / 300));
    const indexes = selectMinMaxLttb(toLine(values), 200);
    const worst = indexes.slice(1).map((next, index) => {
      const from = indexes[index] ?? 0;
      const [a, b] = [values[from] ?? 0, values[next] ?? 0];
      const errors = values
        .slice(from, next)
        .map((value, step) => Math.abs(value - (a + ((b - a) * step) / (next - from))));
      return Math.max(...errors);
    });
    expect(Math.max(...worst)).toBeLessThan(0.02);
  });
});

describe('gaps', () => {
  test('of readings depend on the median step', () => {
    expect(findGapsOfReadings([0, 60_000, 120_000, 180_000, 1_000_000], 10)).toEqual([3]);
    expect(findGapsOfReadings([0, 1000, 2000, 7000], 10)).toEqual([]);
    expect(findGapsOfReadings([0, 1000, 2000, 17_000], 10)).toEqual([2]);
    expect(findGapsOfReadings([], 10)).toEqual([]);
    expect(findGapsOfReadings([5], 10)).toEqual([]);
  });

  test('are the longest ones if there are too many', () => {
    const times = [0, 1, 2, 3, 4, 5, 6, 20_000, 20_001, 40_002, 40_003, 50_000];
    expect(findGapsOfReadings(times, 2)).toEqual([6, 8]);
  });

  test('of buckets are empty buckets, unless empty buckets are usual', () => {
    expect(findGapsOfBuckets([0, 60, 120, 240, 300], 60)).toEqual([2]);
    expect(findGapsOfBuckets([0, 600, 1200, 1800, 20_000], 60)).toEqual([3]);
  });
});

describe('chooseBucketMs', () => {
  test.each([
    { spanMs: hourMs, points: 1000, hasMinutes: true, bucketMs: minuteMs },
    { spanMs: dayMs, points: 1000, hasMinutes: true, bucketMs: 2 * minuteMs },
    { spanMs: 7 * dayMs, points: 1000, hasMinutes: true, bucketMs: 20 * minuteMs },
    { spanMs: 30 * dayMs, points: 1000, hasMinutes: true, bucketMs: hourMs },
    { spanMs: hourMs, points: 1000, hasMinutes: false, bucketMs: hourMs },
    { spanMs: 730 * dayMs, points: 1000, hasMinutes: true, bucketMs: dayMs },
    { spanMs: 7300 * dayMs, points: 10, hasMinutes: true, bucketMs: 1024 * dayMs },
  ])('chooses $bucketMs ms for $spanMs ms', ({ spanMs, points, hasMinutes, bucketMs }) => {
    expect(chooseBucketMs({ fromMs: 0, toMs: spanMs }, { points, hasMinutes })).toBe(bucketMs);
  });

  test('has at least half of the buckets that fit, in a window of any length', () => {
    const spans = fc.integer({ min: 1000 * minuteMs, max: 10 * 365 * dayMs });
    const property = fc.property(spans, (spanMs) => {
      const bucketMs = chooseBucketMs({ fromMs: 0, toMs: spanMs }, { points: 1000, hasMinutes: true });
      expect(Math.ceil(spanMs / bucketMs)).toBeGreaterThanOrEqual(500);
      expect(Math.ceil(spanMs / bucketMs)).toBeLessThanOrEqual(1000);
    });
    fc.assert(property, { numRuns: 2000 });
  });
});

describe('sampleReadings', () => {
  const readings = Array.from({ length: 500 }, (_, index) => ({
    timestampMs: index * 1000 + (index >= 250 ? 600_000 : 0),
    values: [Math.sin(index / 9), Math.cos(index / 7), index % 3],
    prediction: index % 4 === 0 ? (1 as const) : (0 as const),
    score: index / 500,
  }));

  test('keeps both ends of a gap and every anomaly', () => {
    const { kept, gaps } = sampleReadings(readings, { points: 20, maxAnomalies: 1000 });
    expect(gaps).toEqual([{ before: readings[249], after: readings[250] }]);
    expect(kept).toEqual(expect.arrayContaining([readings[249], readings[250]]));
    expect(kept.filter(({ prediction }) => prediction === 1)).toHaveLength(125);
    expect(kept.length).toBeLessThan(3 * 20 + 2 + 125);
  });

  test('keeps the highest score of each interval if there are too many anomalies', () => {
    const { kept } = sampleReadings(readings, { points: 10, maxAnomalies: 5 });
    expect(kept.filter(({ prediction }) => prediction === 1).length).toBeLessThanOrEqual(5 + 3 * 10);
    expect(kept).toContain(readings[496]);
  });
});
