import type { BucketSeries } from '@sensor-sentinel/contracts';
import { formatDuration } from '../../ui/format-duration.ts';
import type { Data } from './plot.tsx';
import { type SeriesPoints, toColumn, toExtremes } from './series-points.ts';
import { joinRuns, listAlone, splitRuns } from './to-runs.ts';
import { type TraceOptions, toLineTrace } from './trace-options.ts';

interface DrawnBuckets extends SeriesPoints {
  series: BucketSeries;
}

function toEnvelope({ series, runs, timesMs }: DrawnBuckets, { feature, palette }: TraceOptions): Data {
  const { lowest, highest } = toExtremes(series, feature);
  const around = <Value>(there: readonly Value[], back: readonly Value[]) =>
    joinRuns(runs, ({ from, to }) => [...there.slice(from, to), ...back.slice(from, to).toReversed()]);
  return {
    type: 'scatter',
    mode: 'lines',
    name: 'Minimum to maximum',
    x: around(timesMs, timesMs),
    y: around(highest, lowest),
    fill: 'toself',
    fillcolor: palette.envelope,
    line: { color: palette.envelope, width: 1 },
  };
}

/** Whether the series lists all anomalies of the window. */
export function hasEveryAnomaly({ top_anomalies, anomalies }: BucketSeries): boolean {
  return top_anomalies.timestamp.length === anomalies;
}

/** Means as a line, and a band from minimum to maximum, both interrupted at gaps and missing values. */
export function toBucketTraces(points: DrawnBuckets, options: TraceOptions): Data[] {
  const { series, timesMs } = points;
  const column = toColumn(series, options.feature);
  const runs = splitRuns(points.runs, column);
  const alone = new Set(listAlone(runs));
  const pick = <Value>(column: readonly Value[]) => joinRuns(runs, ({ from, to }) => column.slice(from, to));
  const mean = {
    name: `Mean of ${formatDuration(series.resolution * 1000)}`,
    x: pick(timesMs),
    y: pick(column),
    isAlone: pick(timesMs.map((_, index) => alone.has(index))).map(Boolean),
  };
  return [toEnvelope({ ...points, runs }, options), toLineTrace(mean, options)];
}
