import { type SeriesPoints, toColumn } from './series-points.ts';
import type { Span } from './time-ticks.ts';
import { hasEveryAnomaly } from './to-bucket-traces.ts';
import type { TraceOptions } from './trace-options.ts';
import type { Size } from './use-size.ts';
import type { ValueScale } from './value-scale.ts';

/** Half the width of a diamond, in pixels. */
const radius = 4;

interface Point {
  timeMs: number;
  value: number;
}

/** The anomalies to mark: all anomalies of the window that have a value, or none if only the newest are known. */
export function listAnomalies({ series, timesMs }: SeriesPoints, feature: TraceOptions['feature']): Point[] {
  if (series.resolution === 'reading') {
    const values = toColumn(series, feature);
    return timesMs.flatMap((timeMs, index) => {
      const value = values[index] ?? null;
      return series.prediction[index] === 1 && value !== null ? [{ timeMs, value }] : [];
    });
  }
  if (!hasEveryAnomaly(series)) return [];
  const values = toColumn(series.top_anomalies, feature);
  return series.top_anomalies.timestamp.flatMap((text, index) => {
    const value = values[index] ?? null;
    return value === null ? [] : [{ timeMs: Date.parse(text), value }];
  });
}

interface Area extends Size {
  span: Span;
  scale: ValueScale;
}

/** One SVG path for all anomalies, because an element for each would cost more than the rest of the chart. */
export function toDiamonds(points: readonly Point[], { span, scale, width, height }: Area): string {
  const perMs = width / (span.toMs - span.fromMs);
  const perUnit = height / (scale.high - scale.low);
  return points
    .filter(({ timeMs }) => timeMs >= span.fromMs && timeMs <= span.toMs)
    .map(({ timeMs, value }) => {
      const x = ((timeMs - span.fromMs) * perMs - radius).toFixed(1);
      const y = ((scale.high - value) * perUnit).toFixed(1);
      return `M${x} ${y}l${radius} ${-radius}l${radius} ${radius}l${-radius} ${radius}z`;
    })
    .join('');
}
