import type { FeatureName, Series } from '@sensor-sentinel/contracts';
import { formatDuration } from '../format/format-duration.ts';
import { formatAmount, formatCount, formatDecimal } from '../format/format-number.ts';

interface DescribedFeature {
  feature: FeatureName;
  title: string;
  unit: string;
}

function toGaps(series: Series): string {
  return series.gaps.length === 0 ? '' : `, ${formatAmount(series.gaps.length, 'gap')}`;
}

/** A chart as text, for screen readers. */
export function describeSeries(series: Series, { feature, title, unit }: DescribedFeature): string {
  const values = series[feature];
  const last = values.at(-1);
  if (last === undefined) return `${title} over time: no readings`;
  const isBucketed = series.resolution !== 'reading';
  const lowest = (isBucketed ? series.min[feature] : values).reduce((a, b) => Math.min(a, b));
  const highest = (isBucketed ? series.max[feature] : values).reduce((a, b) => Math.max(a, b));
  const [min, max, latest] = [lowest, highest, last].map((value) => `${formatDecimal(value)} ${unit}`);
  const readings = formatAmount(series.count, 'reading');
  const lastText = isBucketed
    ? `mean of the last ${formatDuration(series.resolution * 1000)} ${latest}`
    : `last ${latest}`;
  const anomalies = formatAmount(series.anomalies, 'anomaly');
  return `${title} over time: ${readings} from ${min} to ${max}, ${lastText}, ${anomalies}${toGaps(series)}`;
}

/** Describes how the data is reduced; null if the charts show every reading. */
export function describeSampling(series: Series): string | null {
  if (series.resolution !== 'reading') {
    const each = `Each point is ${formatDuration(series.resolution * 1000)}: minimum, mean, maximum`;
    return `${each}; ${formatAmount(series.count, 'reading')}`;
  }
  if (!series.downsampled) return null;
  const shown = `Downsampled: ${formatCount(series.timestamp.length)} of ${formatAmount(series.count, 'reading')}`;
  return series.anomalies_sampled
    ? `${shown}, keeping the most anomalous`
    : `${shown}, keeping every anomaly`;
}
