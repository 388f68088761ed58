import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseBucketMs } from './choose-resolution.ts';
import { findGapsOfBuckets, findGapsOfReadings } from './find-gaps.ts';
import { selectMinMaxLttb } from './min-max-lttb.ts';
import { sampleReadings } from './sample-readings.ts';
import { hourMs, minuteMs } from './window-plan.ts';

const dayMs = 24 * hourMs;

function toLine(values: readonly number[]) {
  return { times: Float64Array.from(values, (_, index) => index), values: Float64Array.from(values) };
}

describe('selectMinMaxLttb', () => {
  test('keeps at most so many, in order, with the ends and the extremes among them', () => {
    const values = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), {
      minLength: 1,
      maxLength: 900,
    });
    const property = fc.property(values, fc.integer({ min: 10, max: 60 }), (given, points) => {
      const places = selectMinMaxLttb(toLine(given), points);
      expect(places.length).toBeLessThanOrEqual(Math.max(points, 0));
      expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
      expect([places[0], places.at(-1)]).toEqual([0, given.length - 1]);
      const kept = places.map((place) => given[place] ?? Number.NaN);
      expect([Math.min(...kept), Math.max(...kept)]).toEqual([Math.min(...given), Math.max(...given)]);
    });
    fc.assert(property, { numRuns: 200, seed: 7 });
  });

  test('keeps everything where that is not too much', () => {
    expect(selectMinMaxLttb(toLine([3, 1, 2]), 10)).toEqual([0, 1, 2]);
  });

  test('keeps a spike that is not the highest', () => {
    const values = Array.from({ length: 1000 }, (_, index) =>
      index === 500 ? 100 : index === 200 ? 50 : index % 2,
    );
    expect(selectMinMaxLttb(toLine(values), 20)).toEqual(expect.arrayContaining([200, 500]));
  });

  test('joined by a line, looks like all of them', () => {
    const values = Array.from({ length: 10_000 }, (_, index) => Math.sin(index / 300));
    const places = selectMinMaxLttb(toLine(values), 200);
    const worst = places.slice(1).map((place, index) => {
      const from = places[index] ?? 0;
      const [a, b] = [values[from] ?? 0, values[place] ?? 0];
      const errors = values
        .slice(from, place)
        .map((value, step) => Math.abs(value - (a + ((b - a) * step) / (place - from))));
      return Math.max(...errors);
    });
    expect(Math.max(...worst)).toBeLessThan(0.02);
  });
});

describe('gaps', () => {
  test('of readings go by the usual distance', () => {
    expect(findGapsOfReadings([0, 60_000, 120_000, 180_000, 1_000_000], 10)).toEqual([3]);
    expect(findGapsOfReadings([0, 1000, 2000, 7000], 10)).toEqual([]);
    expect(findGapsOfReadings([0, 1000, 2000, 17_000], 10)).toEqual([2]);
    expect(findGapsOfReadings([], 10)).toEqual([]);
    expect(findGapsOfReadings([5], 10)).toEqual([]);
  });

  test('are the longest where there are too many', () => {
    const times = [0, 1, 2, 3, 4, 5, 6, 20_000, 20_001, 40_002, 40_003, 50_000];
    expect(findGapsOfReadings(times, 2)).toEqual([6, 8]);
  });

  test('of buckets are the empty ones, where empty ones are not usual', () => {
    expect(findGapsOfBuckets([0, 60, 120, 240, 300], 60)).toEqual([2]);
    expect(findGapsOfBuckets([0, 600, 1200, 1800, 20_000], 60)).toEqual([3]);
  });
});

describe('chooseBucketMs', () => {
  test.each([
    { spanMs: hourMs, points: 1000, hasMinutes: true, bucketMs: minuteMs },
    { spanMs: dayMs, points: 1000, hasMinutes: true, bucketMs: 2 * minuteMs },
    { spanMs: 7 * dayMs, points: 1000, hasMinutes: true, bucketMs: 15 * minuteMs },
    { spanMs: 30 * dayMs, points: 1000, hasMinutes: true, bucketMs: hourMs },
    { spanMs: hourMs, points: 1000, hasMinutes: false, bucketMs: hourMs },
    { spanMs: 730 * dayMs, points: 1000, hasMinutes: true, bucketMs: dayMs },
    { spanMs: 7300 * dayMs, points: 10, hasMinutes: true, bucketMs: 1024 * dayMs },
  ])('takes $bucketMs ms for $spanMs ms', ({ spanMs, points, hasMinutes, bucketMs }) => {
    expect(chooseBucketMs({ fromMs: 0, toMs: spanMs }, { points, hasMinutes })).toBe(bucketMs);
  });
});

describe('sampleReadings', () => {
  const readings = Array.from({ length: 500 }, (_, index) => ({
    timestampMs: index * 1000 + (index >= 250 ? 600_000 : 0),
    temperature: Math.sin(index / 9),
    humidity: Math.cos(index / 7),
    sound_volume: index % 3,
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

  test('of too many anomalies keeps the highest score of each stretch', () => {
    const { kept } = sampleReadings(readings, { points: 10, maxAnomalies: 5 });
    expect(kept.filter(({ prediction }) => prediction === 1).length).toBeLessThanOrEqual(5 + 3 * 10);
    expect(kept).toContain(readings[496]);
  });
});
