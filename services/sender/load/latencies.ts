import { build, type Histogram, initWebAssemblySync } from 'hdr-histogram-js';

const maxUs = 3_600_000_000;

export const percentileNames = ['p50', 'p75', 'p90', 'p95', 'p99', 'p99_9'] as const;
export type Percentiles = Record<(typeof percentileNames)[number] | 'mean' | 'max', number>;
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
    count: () => histogram.totalCount,
    /** In milliseconds; null if nothing was recorded. */
    percentile: (percent: number) => (histogram.totalCount === 0 ? null : percentile(percent)),
    /** In milliseconds; null if nothing was recorded. */
    summarize(): Percentiles | null {
      if (histogram.totalCount === 0) return null;
      const at = (name: string) => percentile(Number(name.slice(1).replace('_', '.')));
      return {
        ...(Object.fromEntries(percentileNames.map((name) => [name, at(name)])) as Percentiles), // all names but the next two
        mean: histogram.mean / 1000,
        max: histogram.maxValue / 1000,
      };
    },
    reset: () => histogram.reset(),
    /** Frees the memory of WebAssembly, which is not garbage-collected. */
    close: () => histogram.destroy(),
    histogram,
  };
}
