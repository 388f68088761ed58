import { type FeatureName, features, type Series } from '@sensor-sentinel/contracts';
import { formatAmount, formatCount, formatDecimal, formatPercent } from '../../format/format-number.ts';
import type { SeriesPoints } from '../../plot/series-points.ts';

/** The value of a point: `24.1 °C`, or `mean 24.1 °C (20.3 to 27.9)` for a bucket. */
export function describeValue(
  series: Series,
  { feature, index }: { feature: FeatureName; index: number },
): string {
  const value = series[feature][index];
  if (value === undefined) return '';
  const unit = features.find(({ name }) => name === feature)?.unit ?? '';
  const text = `${formatDecimal(value)} ${unit}`;
  if (series.resolution === 'reading') return text;
  const [low, high] = [series.min[feature][index], series.max[feature][index]];
  if (low === undefined || high === undefined) return text;
  return `mean ${text} (${formatDecimal(low)} to ${formatDecimal(high)})`;
}

/** `Anomaly`, `Normal`, or `12 of 600 anomalous (2.0 %)` for a bucket. */
export function describeLabel({ series }: SeriesPoints, index: number): string {
  if (series.resolution === 'reading') return series.prediction[index] === 1 ? 'Anomaly' : 'Normal';
  const readings = series.bucket_count[index] ?? 0;
  const anomalies = series.bucket_anomalies[index] ?? 0;
  if (anomalies === 0) return `${formatAmount(readings, 'reading')}, no anomalies`;
  return `${formatCount(anomalies)} of ${formatCount(readings)} anomalous (${formatPercent(anomalies / readings)})`;
}

/** The time, values and prediction of a point, as text. */
export function describePoint(
  points: SeriesPoints,
  { index, time }: { index: number; time: string },
): string {
  const values = features.map(
    ({ name, title }) => `${title} ${describeValue(points.series, { feature: name, index })}`,
  );
  return `${time}: ${values.join(', ')}; ${describeLabel(points, index)}`;
}
