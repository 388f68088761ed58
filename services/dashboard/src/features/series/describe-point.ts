import type { Feature } from '@sensor-sentinel/contracts';
import { formatAmount, formatCount, formatPercent } from '../../ui/format-number.ts';
import { type SeriesPoints, toColumn, toExtremes } from '../charts/series-points.ts';
import { toPredictionTitle } from '../readings/prediction-title.ts';
import { formatValue, formatWithUnit } from '../types/format-feature.ts';

/** The value of a point: `24.1 °C`, or `mean 24.1 °C (20.3 to 27.9)` for a bucket. */
export function describeValue({ series }: SeriesPoints, index: number, feature: Feature): string {
  const value = toColumn(series, feature.name)[index] ?? null;
  const text = formatWithUnit(value, feature);
  if (series.resolution === 'reading' || value === null) return text;
  const { lowest, highest } = toExtremes(series, feature.name);
  const [low, high] = [lowest[index], highest[index]].map((extreme) => formatValue(extreme, feature));
  return `mean ${text} (${low} to ${high})`;
}

/** `Anomaly`, `Normal`, `Not scored`, or `12 of 600 anomalous (2.0 %)` for a bucket. */
export function describeLabel({ series, isScored }: SeriesPoints, index: number): string {
  if (series.resolution === 'reading') return toPredictionTitle(series.prediction[index] ?? null);
  const readings = series.bucket_count[index] ?? 0;
  const anomalies = series.bucket_anomalies[index] ?? 0;
  if (anomalies === 0)
    return `${formatAmount(readings, 'reading')}, ${isScored ? 'no anomalies' : 'not scored'}`;
  return `${formatCount(anomalies)} of ${formatCount(readings)} anomalous (${formatPercent(anomalies / readings)})`;
}

/** The time, values and prediction of a point, as text. */
export function describePoint(
  points: SeriesPoints,
  { index, time }: { index: number; time: string },
  features: readonly Feature[],
): string {
  const values = features.map((feature) => `${feature.title} ${describeValue(points, index, feature)}`);
  return `${time}: ${values.join(', ')}; ${describeLabel(points, index)}`;
}
