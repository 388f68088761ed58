import {
  type LatencyHistogram,
  latencyBuckets,
  type ReplayLoad,
  type SenderLoad,
  toLatencyBounds,
} from '@sensor-sentinel/contracts';

export interface SenderReport {
  isActive: boolean;
  load: SenderLoad | null;
  latencies: LatencyHistogram | null;
}

/** The load of all senders of a replay: rates of the active ones, latencies of these or, if there are none, of all. */
export function mergeLoads(reports: readonly SenderReport[]): ReplayLoad {
  const active = reports.filter(({ isActive }) => isActive);
  const sum = (name: 'offered_per_second' | 'accepted_per_second') =>
    active.reduce((total, { load }) => total + (load?.[name] ?? 0), 0);
  const latencies = mergeHistograms((active.length > 0 ? active : reports).map((report) => report.latencies));
  return {
    offered_per_second: sum('offered_per_second'),
    accepted_per_second: sum('accepted_per_second'),
    p50_ms: toPercentile(latencies, 50),
    p99_ms: toPercentile(latencies, 99),
  };
}

export function mergeHistograms(histograms: readonly (LatencyHistogram | null)[]): LatencyHistogram {
  const merged: LatencyHistogram = Array(latencyBuckets).fill(0);
  for (const histogram of histograms)
    for (const [bucket, count] of (histogram ?? []).entries()) merged[bucket] = (merged[bucket] ?? 0) + count;
  return merged;
}

/**
 * The latency in ms that so many percent of the counted ones do not exceed (nearest rank). It is in the bucket of the exact one,
 * at the place of its rank among those of the bucket. Null if nothing was counted.
 */
export function toPercentile(histogram: LatencyHistogram, percent: number): number | null {
  const total = histogram.reduce((sum, count) => sum + count, 0);
  const rank = Math.max(1, Math.ceil((percent / 100) * total));
  let below = 0;
  for (const [bucket, count] of histogram.entries()) {
    if (count > 0 && below + count >= rank) {
      const { lower, upper } = toLatencyBounds(bucket);
      return Math.min(upper, lower + ((upper - lower) * (rank - below)) / count);
    }
    below += count;
  }
  return null;
}
