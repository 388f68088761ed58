import type { BucketSeries } from '@sensor-sentinel/contracts';
import { formatDuration } from '../format/format-duration.ts';
import { toPlotTime } from '../time/local-time.ts';
import type { Data } from './plot.tsx';
import { joinRuns, listAlone, type Run, toRuns } from './to-runs.ts';
import { type TraceOptions, toAnomalyTrace } from './trace-options.ts';

/** So that a small share beside a large one is still seen. */
const lowestMark = 0.15;

/** Shares of anomalies, as bars along the lower edge, the highest share as the highest bar; see the layout's second axis. */
function toMarks({ series, x, palette }: DrawnBuckets): Data {
  const marked = Array.from(x.keys()).filter((index) => (series.bucket_anomalies[index] ?? 0) > 0);
  const shareOf = (index: number) =>
    (series.bucket_anomalies[index] ?? 0) / (series.bucket_count[index] ?? 1);
  const highest = marked.reduce((most, index) => Math.max(most, shareOf(index)), 0);
  return {
    type: 'bar',
    name: 'Anomaly',
    x: marked.map((index) => x[index] ?? ''),
    y: marked.map((index) => Math.max(lowestMark, shareOf(index) / highest)),
    customdata: marked.map((index) => [series.bucket_anomalies[index] ?? 0, series.bucket_count[index] ?? 0]),
    yaxis: 'y2',
    width: series.resolution * 1000,
    marker: { color: palette.anomaly, line: { width: 0 } },
    hovertemplate:
      '<b>%{customdata[0]} of %{customdata[1]} readings anomalous</b><br>%{x|%Y-%m-%d %H:%M}<extra></extra>',
  };
}

interface DrawnBuckets extends TraceOptions {
  series: BucketSeries;
  runs: readonly Run[];
  /** The middles of the buckets. */
  x: readonly string[];
}

function toEnvelope({ series, runs, x, feature, palette }: DrawnBuckets): Data {
  const around = <Value>(there: readonly Value[], back: readonly Value[]) =>
    joinRuns(runs, ({ from, to }) => [...there.slice(from, to), ...back.slice(from, to).toReversed()]);
  return {
    type: 'scatter',
    mode: 'lines',
    name: 'Minimum to maximum',
    x: around(x, x),
    y: around(series.max[feature], series.min[feature]),
    fill: 'toself',
    fillcolor: palette.envelope,
    line: { color: palette.envelope, width: 1 },
    hoverinfo: 'skip',
  };
}

function toMean({ series, runs, x, feature, unit, palette }: DrawnBuckets): Data {
  const values = series[feature];
  const alone = new Set(listAlone(runs));
  const pick = <Value>(column: readonly Value[]) => joinRuns(runs, ({ from, to }) => column.slice(from, to));
  const extremes = values.map((_, index) => [
    series.min[feature][index] ?? 0,
    series.max[feature][index] ?? 0,
    series.bucket_count[index] ?? 0,
  ]);
  return {
    type: 'scatter',
    mode: 'lines+markers',
    name: `Mean of ${formatDuration(series.resolution * 1000)}`,
    x: pick(x),
    y: pick(values),
    customdata: pick(extremes).map((row) => row ?? []),
    connectgaps: false,
    line: { color: palette.line, width: 1.25 },
    marker: {
      color: palette.line,
      size: pick(values.map((_, index) => (alone.has(index) ? 5 : 0))).map(Number),
    },
    hovertemplate: `mean %{y:.1f} ${unit}<br>%{customdata[0]:.1f} to %{customdata[1]:.1f} ${unit}<br>%{customdata[2]} readings<br>%{x|%Y-%m-%d %H:%M}<extra></extra>`,
  };
}

/** Means as a line within the band from minimum to maximum, both open at gaps; below, how many were anomalies. */
export function toBucketTraces(series: BucketSeries, options: TraceOptions): Data[] {
  const halfMs = series.resolution * 500;
  const x = series.timestamp.map((start) => toPlotTime(new Date(Date.parse(start) + halfMs).toISOString()));
  const drawn = { ...options, series, runs: toRuns(series), x };
  const newest = series.newest_anomalies;
  const isEveryAnomaly = newest.timestamp.length === series.anomalies;
  const anomalies = { x: newest.timestamp.map(toPlotTime), y: newest[options.feature] };
  return [
    toEnvelope(drawn),
    toMean(drawn),
    toMarks(drawn),
    ...(isEveryAnomaly ? [toAnomalyTrace(anomalies, options)] : []),
  ];
}
