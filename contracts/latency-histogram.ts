import { z } from 'zod';

/** The upper bound of the first bucket. */
const firstBoundMs = 0.1;
/** Bounds per power of two: each is 9 % above the one before. */
const bucketsPerOctave = 8;
/** The last bucket ends at 61 min, and also counts higher latencies. */
export const latencyBuckets = 202;

/**
 * Counts of latencies in buckets with fixed bounds, so that histograms of several senders add up. Bucket 0 is (0, 0.1 ms], and
 * bucket i is (0.1 ms × 2^((i − 1) / 8), 0.1 ms × 2^(i / 8)]. Zeros at the end may be left out.
 */
export const latencyHistogramSchema = z.array(z.int().nonnegative()).max(latencyBuckets);
export type LatencyHistogram = z.infer<typeof latencyHistogramSchema>;

/** The bucket of a latency in ms. */
export function toLatencyBucket(ms: number): number {
  if (!(ms > firstBoundMs)) return 0;
  return Math.min(latencyBuckets - 1, Math.ceil(Math.log2(ms / firstBoundMs) * bucketsPerOctave));
}

/** The bounds of a bucket in ms. */
export function toLatencyBounds(bucket: number): { lower: number; upper: number } {
  return { lower: bucket === 0 ? 0 : toBoundMs(bucket - 1), upper: toBoundMs(bucket) };
}

function toBoundMs(bucket: number): number {
  return firstBoundMs * 2 ** (bucket / bucketsPerOctave);
}
