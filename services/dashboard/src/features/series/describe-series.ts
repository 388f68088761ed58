import type { Feature } from '@sensor-sentinel/contracts';
import { formatDuration } from '../../ui/format-duration.ts';
import { formatAmount, formatCount } from '../../ui/format-number.ts';
import { formatWithUnit } from '../types/format-feature.ts';
import { type SeriesLine, type SeriesPoints, toValue } from './use-series.ts';

/** The chart of a feature as text, for screen readers. */
export function describeSeries(
  { lines, count, anomalies, isScored }: SeriesPoints,
  feature: Feature,
): string {
  const { title, name } = feature;
  const values = lines.flatMap(({ points }) => points.flatMap((point) => toValue(point, name) ?? []));
  if (values.length === 0) return `${title} over time: no ${count === 0 ? 'readings' : 'values'}`;
  const min = formatWithUnit(Math.min(...values.map((value) => value.min)), feature);
  const max = formatWithUnit(Math.max(...values.map((value) => value.max)), feature);
  const ofSensors = lines.length > 1 ? ` of ${lines.length} sensors` : '';
  const last = values.at(-1)?.mean;
  const [only] = lines.length === 1 ? lines : [];
  const gaps = lines.reduce((sum, { series }) => sum + series.gaps.length, 0);
  return [
    `${title} over time: ${formatAmount(count, 'reading')}${ofSensors} from ${min} to ${max}`,
    ...(only === undefined ? [] : [describeLast(only, formatWithUnit(last, feature))]),
    ...(isScored ? [formatAmount(anomalies, 'anomaly')] : []),
    ...(gaps > 0 ? [formatAmount(gaps, 'gap')] : []),
  ].join(', ');
}

function describeLast({ series: { resolution } }: SeriesLine, last: string): string {
  if (resolution === 'reading') return `last ${last}`;
  return `mean of the last ${formatDuration(resolution * 1000)} ${last}`;
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
  const shown = lines.reduce((sum, { points }) => sum + points.length, 0);
  return `Downsampled: ${formatCount(shown)} of ${formatAmount(count, 'reading')}, keeping ${describeKept(lines)}`;
}

/** Which readings are not left out of a sample. */
export function describeKept(lines: readonly SeriesLine[]): string {
  const keepsAll = lines.every(({ series }) => series.resolution !== 'reading' || !series.anomalies_sampled);
  return keepsAll ? 'every anomaly' : 'the most anomalous';
}
