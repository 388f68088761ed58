import type { ReadingSeries, Series } from '@sensor-sentinel/contracts';
import { toPlotTime } from '../time/local-time.ts';
import type { Data } from './plot.tsx';
import { toBucketTraces } from './to-bucket-traces.ts';
import { joinRuns, listAlone, toRuns } from './to-runs.ts';
import { type TraceOptions, toAnomalyTrace, toReadingHover } from './trace-options.ts';

/** Readings as a line, open at gaps; the anomalies once more, as markers on it. */
function toReadingTraces(series: ReadingSeries, options: TraceOptions): Data[] {
  const { feature, unit, palette } = options;
  const runs = toRuns(series);
  const x = series.timestamp.map(toPlotTime);
  const y = series[feature];
  const alone = new Set(listAlone(runs));
  const pick = <Value>(column: readonly Value[]) => joinRuns(runs, ({ from, to }) => column.slice(from, to));
  const isAnomaly = (_: unknown, index: number) => series.prediction[index] === 1;
  return [
    {
      type: 'scatter',
      mode: alone.size > 0 ? 'lines+markers' : 'lines',
      name: 'Reading',
      x: pick(x),
      y: pick(y),
      connectgaps: false,
      line: { color: palette.line, width: 1.25 },
      // A reading between two gaps has no line: it is a point.
      marker: {
        color: palette.line,
        size: pick(y.map((_, index) => (alone.has(index) ? 5 : 0))).map(Number),
      },
      hovertemplate: `${toReadingHover(unit)}<extra></extra>`,
    },
    toAnomalyTrace({ x: x.filter(isAnomaly), y: y.filter(isAnomaly) }, options),
  ];
}

export function toTraces(series: Series, options: TraceOptions): Data[] {
  return series.resolution === 'reading' ? toReadingTraces(series, options) : toBucketTraces(series, options);
}
