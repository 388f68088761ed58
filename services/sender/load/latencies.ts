import {
  type LatencyHistogram,
  latencyBuckets,
  type ReportedLoad,
  toLatencyBucket,
} from '@sensor-sentinel/contracts';
import { build, type Histogram, initWebAssemblySync } from 'hdr-histogram-js';
import type { Clock } from '../clock.ts';

const maxUs = 3_600_000_000;

/** The figures of a summary, in the order of its columns. */
export const percentileNames = ['p50', 'p75', 'p90', 'p95', 'p99', 'p99_9', 'max', 'mean'] as const;
export type Percentiles = Record<(typeof percentileNames)[number], number>;
export type Latencies = ReturnType<typeof createLatencies>;

/** High dynamic range histogram (G. Tene) of microseconds up to an hour, exact to 0.1 %; its size is fixed. */
export function createLatencies() {
  initWebAssemblySync();
  const histogram: Histogram = build({
    useWebAssembly: true,
    autoResize: false,
    highestTrackableValue: maxUs,
    numberOfSignificantValueDigits: 3,
  });
  const percentile = (percent: number) => histogram.getValueAtPercentile(percent) / 1000;
  return {
    record: (ms: number) => histogram.recordValue(Math.min(maxUs, Math.max(0, Math.round(ms * 1000)))),
    add: (other: { histogram: Histogram }) => histogram.add(other.histogram),
    /** In milliseconds; null if nothing was recorded. */
    percentile: (percent: number) => (histogram.totalCount === 0 ? null : percentile(percent)),
    /** In milliseconds; null if nothing was recorded. */
    summarize(): Percentiles | null {
      if (histogram.totalCount === 0) return null;
      return {
        p50: percentile(50),
        p75: percentile(75),
        p90: percentile(90),
        p95: percentile(95),
        p99: percentile(99),
        p99_9: percentile(99.9),
        max: histogram.maxValue / 1000,
        mean: histogram.mean / 1000,
      };
    },
    reset: () => histogram.reset(),
    /** Frees the memory of WebAssembly, which is not garbage-collected. */
    close: () => histogram.destroy(),
    histogram,
  };
}

const windowSeconds = 5;
/** Over a shorter time, a few rows would be a high rate. */
const minRateMs = 1000;

/** Rates and latencies of the last five seconds, or since the first row, in one slot per second. */
export function createRecentLoad(clock: Clock) {
  const slots = Array.from({ length: windowSeconds }, () => ({
    second: Number.NEGATIVE_INFINITY,
    offered: 0,
    accepted: 0,
    latencies: createLatencies(),
    /** The same latencies in the buckets of the contract. */
    counts: new Uint32Array(latencyBuckets),
  }));
  type Slot = (typeof slots)[number];
  const merged = createLatencies();
  let startedAtMs: number | undefined;

  function currentSlot(): Slot {
    const second = Math.floor(clock.elapsed() / 1000);
    const slot = slots[second % windowSeconds] as Slot; // the remainder is within bounds
    if (slot.second === second) return slot;
    slot.latencies.reset();
    slot.counts.fill(0);
    return Object.assign(slot, { second, offered: 0, accepted: 0 });
  }

  return {
    offer: (rows: number) => {
      startedAtMs ??= clock.elapsed();
      currentSlot().offered += rows;
    },
    accept: (latencyMs: number) => {
      const slot = currentSlot();
      slot.accepted += 1;
      slot.latencies.record(latencyMs);
      const bucket = toLatencyBucket(latencyMs);
      slot.counts[bucket] = (slot.counts[bucket] ?? 0) + 1;
    },
    snapshot(): Omit<ReportedLoad, 'shed'> {
      const nowMs = clock.elapsed();
      const first = Math.floor(nowMs / 1000) - windowSeconds + 1;
      const recent = slots.filter(({ second }) => second >= first);
      const beganAtMs = Math.max(startedAtMs ?? nowMs, first * 1000);
      const seconds = Math.max(minRateMs, nowMs - beganAtMs) / 1000;
      const sum = (name: 'offered' | 'accepted') => recent.reduce((total, slot) => total + slot[name], 0);
      merged.reset();
      for (const { latencies } of recent) merged.add(latencies);
      return {
        offered_per_second: sum('offered') / seconds,
        accepted_per_second: sum('accepted') / seconds,
        p50_ms: merged.percentile(50),
        p99_ms: merged.percentile(99),
        latencies: addCounts(recent.map(({ counts }) => counts)),
      };
    },
    close: () => {
      for (const { close } of [merged, ...slots.map(({ latencies }) => latencies)]) close();
    },
  };
}

/** Zeros at the end are left out. */
function addCounts(parts: readonly Uint32Array[]): LatencyHistogram {
  const sums = Array.from({ length: latencyBuckets }, (_, bucket) =>
    parts.reduce((sum, counts) => sum + (counts[bucket] ?? 0), 0),
  );
  return sums.slice(0, sums.findLastIndex((count) => count > 0) + 1);
}
