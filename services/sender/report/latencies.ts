import { build, type Histogram, initWebAssemblySync } from 'hdr-histogram-js';

const maxUs = 3_600_000_000;

export const percentileNames = ['p50', 'p75', 'p90', 'p95', 'p99', 'p99_9'] as const;
export type Percentiles = Record<(typeof percentileNames)[number] | 'mean' | 'max', number>;
export type Latencies = ReturnType<typeof createLatencies>;

/** A high dynamic range histogram (G. Tene): microseconds up to an hour, each within 0.1 %, in 24 kB however many. */
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
    count: () => histogram.totalCount,
    /** In milliseconds; null where nothing was recorded. */
    percentile: (percent: number) => (histogram.totalCount === 0 ? null : percentile(percent)),
    /** In milliseconds; null where nothing was recorded. */
    summarize(): Percentiles | null {
      if (histogram.totalCount === 0) return null;
      const at = (name: string) => percentile(Number(name.slice(1).replace('_', '.')));
      return {
        ...(Object.fromEntries(percentileNames.map((name) => [name, at(name)])) as Percentiles), // all but the next two
        mean: histogram.mean / 1000,
        max: histogram.maxValue / 1000,
      };
    },
    reset: () => histogram.reset(),
    /** Gives the memory back, which no garbage collector sees. */
    close: () => histogram.destroy(),
    histogram,
  };
}
