import type { ReadingSeries } from '@sensor-sentinel/contracts';
import type { Data } from './plot.tsx';
import { type SeriesPoints, toColumn } from './series-points.ts';
import { toBucketTraces } from './to-bucket-traces.ts';
import { joinRuns, listAlone, splitRuns } from './to-runs.ts';
import { type TraceOptions, toLineTrace } from './trace-options.ts';

interface DrawnReadings extends SeriesPoints {
  series: ReadingSeries;
}

/** Readings as a line that is interrupted at gaps and missing values. */
function toReadingTrace({ series, runs: all, timesMs }: DrawnReadings, options: TraceOptions): Data {
  const column = toColumn(series, options.feature);
  const runs = splitRuns(all, column);
  const alone = new Set(listAlone(runs));
  const pick = <Value>(column: readonly Value[]) => joinRuns(runs, ({ from, to }) => column.slice(from, to));
  const line = {
    name: 'Reading',
    x: pick(timesMs),
    y: pick(column),
    isAlone: pick(timesMs.map((_, index) => alone.has(index))).map(Boolean),
  };
  return toLineTrace(line, options);
}

/** Times are milliseconds since 1970, so that no hour is repeated or missing when clocks change. */
export function toTraces(points: SeriesPoints, options: TraceOptions): Data[] {
  const { series } = points;
  return series.resolution === 'reading'
    ? [toReadingTrace({ ...points, series }, options)]
    : toBucketTraces({ ...points, series }, options);
}
