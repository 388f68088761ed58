import { formatAmount, formatCount } from '../../ui/format-number.ts';
import { mostMarks } from '../charts/plot-style.ts';
import { describeKept } from '../series/describe-series.ts';
import type { SeriesPoints } from '../series/use-series.ts';
import { toTitleWithUnit } from '../types/format-feature.ts';
import type { Axes, ScatterPoint } from './scatter-points.ts';

/** The chart as text, for screen readers. */
export function describeScatter(points: readonly ScatterPoint[], { x, y }: Axes): string {
  const count = (prediction: 0 | 1 | null) =>
    points.filter((point) => point.prediction === prediction).length;
  const scored = `${formatAmount(count(0), 'normal reading')} and ${formatAmount(count(1), 'anomaly')}`;
  const unscored = `${formatAmount(count(null), 'reading')} without a prediction`;
  const parts = [
    ...(points.length === 0 || count(null) < points.length ? [scored] : []),
    ...(count(null) > 0 ? [unscored] : []),
  ];
  return `${toTitleWithUnit(y)} against ${toTitleWithUnit(x)}: ${parts.join(', and ')}`;
}

interface Shown {
  /** The number of readings with both values. */
  shown: number;
  /** The number of sampled readings; null: the readings of the charts are shown. */
  sampled: number | null;
}

/** Describes which readings are shown. */
export function describeShown({ lines, count }: SeriesPoints, { shown, sampled }: Shown): string {
  const known = sampled ?? lines.reduce((sum, { points }) => sum + points.length, 0);
  const isKept = sampled === null && known < count;
  const notes = [
    `${formatCount(shown)} of ${formatAmount(count, 'reading')}`,
    ...(sampled === null ? [] : [': the newest of each fifth of the window']),
    ...(isKept ? [`, keeping ${describeKept(lines)}`] : []),
    ...(known > shown ? [`; ${formatCount(known - shown)} without both values`] : []),
    ...(shown > mostMarks / 2
      ? [`; at most ${mostMarks / 2} normal readings and ${mostMarks / 2} anomalies are drawn`]
      : []),
  ];
  return notes.join('');
}
