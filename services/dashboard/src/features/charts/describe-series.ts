import type { Feature, Series } from '@sensor-sentinel/contracts';
import { formatDuration } from '../../ui/format-duration.ts';
import { formatAmount, formatCount } from '../../ui/format-number.ts';
import { formatWithUnit } from '../types/format-feature.ts';
import { type SeriesPoints, toColumn, toExtremes } from './series-points.ts';

function toGaps(series: Series): string {
  return series.gaps.length === 0 ? '' : `, ${formatAmount(series.gaps.length, 'gap')}`;
}

/** A chart as text, for screen readers. */
export function describeSeries({ series, isScored }: SeriesPoints, feature: Feature): string {
  const { title } = feature;
  const { lowest, highest } = toExtremes(series, feature.name);
  const last = toColumn(series, feature.name).findLast((value) => value !== null);
  if (last === undefined) return `${title} over time: no ${series.count === 0 ? 'readings' : 'values'}`;
  const low = lowest.reduce<number>((a, b) => Math.min(a, b ?? a), Number.POSITIVE_INFINITY);
  const high = highest.reduce<number>((a, b) => Math.max(a, b ?? a), Number.NEGATIVE_INFINITY);
  const [min, max, latest] = [low, high, last].map((value) => formatWithUnit(value, feature));
  const readings = formatAmount(series.count, 'reading');
  const lastText =
    series.resolution === 'reading'
      ? `last ${latest}`
      : `mean of the last ${formatDuration(series.resolution * 1000)} ${latest}`;
  const anomalies = isScored ? `, ${formatAmount(series.anomalies, 'anomaly')}` : '';
  return `${title} over time: ${readings} from ${min} to ${max}, ${lastText}${anomalies}${toGaps(series)}`;
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
