import type { FeatureName, Series } from '@sensor-sentinel/contracts';
import { formatAmount, formatCount, formatDecimal } from '../format/format-number.ts';

interface DescribedFeature {
  feature: FeatureName;
  title: string;
  unit: string;
}

/** A chart in words, for those who do not see it. */
export function describeSeries(series: Series, { feature, title, unit }: DescribedFeature): string {
  const values = series[feature];
  const last = values.at(-1);
  if (last === undefined) return `${title} over time: no readings`;
  const lowest = values.reduce((a, b) => Math.min(a, b));
  const highest = values.reduce((a, b) => Math.max(a, b));
  const [min, max, latest] = [lowest, highest, last].map((value) => `${formatDecimal(value)} ${unit}`);
  const readings = formatAmount(series.count, 'reading');
  return `${title} over time: ${readings} from ${min} to ${max}, last ${latest}, ${formatAmount(series.anomalies, 'anomaly')}`;
}

/** What the charts leave out; null where they show everything. */
export function describeSampling(series: Series): string | null {
  if (!series.downsampled) return null;
  const shown = `Down-sampled: ${formatCount(series.timestamp.length)} of ${formatAmount(series.count, 'reading')}`;
  return series.anomalies_sampled ? `${shown}, the most anomalous kept` : `${shown}, every anomaly kept`;
}
