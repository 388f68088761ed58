import {
  type LatencyHistogram,
  latencyBuckets,
  toLatencyBounds,
  toLatencyBucket,
} from '@sensor-sentinel/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergeHistograms, mergeLoads, type SenderReport, toPercentile } from './merge-loads.ts';

function toHistogram(latenciesMs: readonly number[]): LatencyHistogram {
  const counts: LatencyHistogram = [];
  for (const ms of latenciesMs) {
    const bucket = toLatencyBucket(ms);
    while (counts.length <= bucket) counts.push(0);
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  return counts;
}

const load = { offered_per_second: 10, accepted_per_second: 8, shed: 0, p50_ms: 1, p99_ms: 1 };
const report = (latenciesMs: readonly number[], isActive = true): SenderReport => ({
  ...{ isActive, load, latencies: toHistogram(latenciesMs) },
});

describe('latency buckets', () => {
  test('have bounds at eighths of a power of two', () => {
    expect([0, 0.1, 0.1001, 0.2, 0.2001].map(toLatencyBucket)).toEqual([0, 0, 1, 8, 9]);
    expect([Number.NaN, 3_600_000, Number.POSITIVE_INFINITY].map(toLatencyBucket)).toEqual([
      ...[0, latencyBuckets - 1, latencyBuckets - 1],
    ]);
    expect(toLatencyBounds(0)).toEqual({ lower: 0, upper: 0.1 });
    expect(toLatencyBounds(8).upper).toBeCloseTo(0.2, 12);
  });
});

describe('mergeLoads', () => {
  test('adds rates, and takes percentiles of all latencies instead of averages', () => {
    const fast = report(Array(98).fill(1));
    const slow = report([400, 400]);
    const { p50_ms, p99_ms, ...rates } = mergeLoads([fast, slow]);
    expect(rates).toEqual({ offered_per_second: 20, accepted_per_second: 16 });
    expect(toLatencyBucket(p50_ms ?? 0)).toBe(toLatencyBucket(1));
    expect(toLatencyBucket(p99_ms ?? 0)).toBe(toLatencyBucket(400));
  });

  test('leaves out senders that are gone, unless all are', () => {
    const [here, gone] = [report([1]), report([400, 400, 400], false)];
    expect(mergeLoads([here, gone])).toEqual(mergeLoads([here]));
    const { p50_ms, ...rates } = mergeLoads([gone]);
    expect(rates).toMatchObject({ offered_per_second: 0, accepted_per_second: 0 });
    expect(toLatencyBucket(p50_ms ?? 0)).toBe(toLatencyBucket(400));
  });

  test('has no percentiles where no sender has reported latencies', () => {
    const none = { offered_per_second: 0, accepted_per_second: 0, p50_ms: null, p99_ms: null };
    expect(mergeLoads([])).toEqual(none);
    expect(mergeLoads([{ isActive: true, load: null, latencies: null }])).toEqual(none);
    expect(mergeLoads([report([])])).toMatchObject({ p50_ms: null });
  });

  test('gives percentiles in the bucket of the exact one', () => {
    const latency = fc.oneof(
      fc.double({ min: 0, max: 5, noNaN: true }),
      fc.double({ min: 0, max: 4e6, noNaN: true }),
    );
    const senders = fc.array(fc.array(latency, { maxLength: 60 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(senders, fc.constantFrom(1, 50, 90, 99, 100), (latenciesMs, percent) => {
        const sorted = latenciesMs.flat().toSorted((a, b) => a - b);
        const exact = sorted[Math.ceil((percent / 100) * sorted.length) - 1];
        const merged = toPercentile(mergeHistograms(latenciesMs.map(toHistogram)), percent);
        expect(merged === null).toBe(exact === undefined);
        const { lower, upper } = toLatencyBounds(toLatencyBucket(exact ?? 0));
        expect(merged ?? lower).toBeGreaterThanOrEqual(lower);
        expect(merged ?? lower).toBeLessThanOrEqual(upper);
      }),
    );
  });
});
