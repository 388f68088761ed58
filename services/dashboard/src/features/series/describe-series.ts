import type { Feature } from '@sensor-sentinel/contracts';
import { formatDuration } from '../../ui/format-duration.ts';
import { formatAmount, formatCount } from '../../ui/format-number.ts';
import { formatWithUnit } from '../types/format-feature.ts';
import { type SeriesLine, type SeriesPoints, toColumn, toExtremes } from './use-series.ts';

/** The chart of a feature as text, for screen readers. */
export function describeSeries({ lines, ...points }: SeriesPoints, feature: Feature): string {
  const { title, name } = feature;
  const values = lines
    .map(({ series }) => toExtremes(series, name))
    .flatMap(({ lowest, highest }) => [...lowest, ...highest])
    .filter((value) => value !== null);
  if (values.length === 0) return `${title} over time: no ${points.count === 0 ? 'readings' : 'values'}`;
  const [min, max] = [Math.min(...values), Math.max(...values)].map((value) =>
    formatWithUnit(value, feature),
  );
  const ofSensors = lines.length > 1 ? ` of ${lines.length} sensors` : '';
  const [only] = lines.length === 1 ? lines : [];
  const gaps = lines.reduce((sum, { series }) => sum + series.gaps.length, 0);
  return [
    `${title} over time: ${formatAmount(points.count, 'reading')}${ofSensors} from ${min} to ${max}`,
    ...(only === undefined ? [] : [describeLast(only, feature)]),
    ...(points.isScored ? [formatAmount(points.anomalies, 'anomaly')] : []),
    ...(gaps > 0 ? [formatAmount(gaps, 'gap')] : []),
  ].join(', ');
}

function describeLast({ series }: SeriesLine, feature: Feature): string {
  const last = toColumn(series, feature.name).findLast((value) => value !== null);
  const latest = formatWithUnit(last, feature);
  return series.resolution === 'reading'
    ? `last ${latest}`
    : `mean of the last ${formatDuration(series.resolution * 1000)} ${latest}`;
}

/** Describes how the data is reduced; null if the charts show every reading. */
export function describeSampling({ lines, count }: SeriesPoints): string | null {
  const lengths = lines.flatMap(({ series: { resolution } }) =>
    resolution === 'reading' ? [] : [resolution],
  );
  if (lengths.length > 0) {
    const upTo = Math.min(...lengths) < Math.max(...lengths) || lengths.length < lines.length ? 'up to ' : '';
    const length = formatDuration(Math.max(...lengths) * 1000);
    return `Each point is ${upTo}${length}: minimum, mean, maximum; ${formatAmount(count, 'reading')}`;
  }
  const isSampled = lines.some(({ series }) => series.resolution === 'reading' && series.downsampled);
  if (!isSampled) return null;
  const shown = lines.reduce((sum, { timesMs }) => sum + timesMs.length, 0);
  const keepsAll = lines.every(({ series }) => series.resolution === 'reading' && !series.anomalies_sampled);
  const kept = keepsAll ? 'every anomaly' : 'the most anomalous';
  return `Downsampled: ${formatCount(shown)} of ${formatAmount(count, 'reading')}, keeping ${kept}`;
}
