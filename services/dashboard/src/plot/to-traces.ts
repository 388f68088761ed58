import type { FeatureName, Series } from '@sensor-sentinel/contracts';
import { toPlotTime } from '../time/local-time.ts';
import type { Data } from './plot.tsx';
import type { PlotPalette } from './plot-palette.ts';

export interface TraceOptions {
  feature: FeatureName;
  unit: string;
  palette: PlotPalette;
}

const gapFactor = 12;
const shortestGapMs = 5000;

function findMedianStepMs(times: number[]): number {
  const steps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  return steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
}

/** Where a line must not join two readings: they are much further apart than readings here usually are. */
export function findGaps(times: number[]): number[] {
  const longestStepMs = Math.max(shortestGapMs, gapFactor * findMedianStepMs(times));
  return times.flatMap((time, index) => {
    const previous = times[index - 1];
    return previous !== undefined && time - previous > longestStepMs ? [index] : [];
  });
}

/** All readings as a line, broken at gaps; the anomalies once more, as markers on it. */
export function toTraces(series: Series, { feature, unit, palette }: TraceOptions): Data[] {
  const times = series.timestamp.map((timestamp) => Date.parse(timestamp));
  const gaps = new Set(findGaps(times));
  const x = series.timestamp.map(toPlotTime);
  const y = series[feature];
  const lineX: string[] = [];
  const lineY: (number | null)[] = [];
  x.forEach((time, index) => {
    if (gaps.has(index)) {
      lineX.push(time);
      lineY.push(null);
    }
    lineX.push(time);
    lineY.push(y[index] ?? null);
  });
  const isAnomaly = (_: unknown, index: number) => series.prediction[index] === 1;
  const hover = `%{y:.1f} ${unit}<br>%{x|%Y-%m-%d %H:%M:%S}`;
  return [
    {
      type: 'scatter',
      mode: lineX.length === 1 ? 'markers' : 'lines',
      name: 'Reading',
      x: lineX,
      y: lineY,
      connectgaps: false,
      line: { color: palette.line, width: 1.25 },
      marker: { color: palette.line, size: 5 },
      hovertemplate: `${hover}<extra></extra>`,
    },
    {
      type: 'scatter',
      mode: 'markers',
      name: 'Anomaly',
      x: x.filter(isAnomaly),
      y: y.filter(isAnomaly),
      marker: {
        color: palette.anomaly,
        symbol: 'diamond',
        size: 7,
        line: { color: palette.surface, width: 1 },
      },
      hovertemplate: `<b>Anomaly</b><br>${hover}<extra></extra>`,
    },
  ];
}
