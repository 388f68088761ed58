import { formatAmount, formatCount } from '../../ui/format-number.ts';
import { describeKept } from '../series/describe-series.ts';
import type { SeriesPoints } from '../series/use-series.ts';
import { toTitleWithUnit } from '../types/format-feature.ts';
import type { Axes, ScatterPoint } from './scatter-points.ts';

type Points = readonly ScatterPoint[];

/** The chart as text, for screen readers. */
export function describeScatter(points: Points, { x, y }: Axes): string {
  const count = (prediction: 0 | 1 | null) => listOf(points, prediction).length;
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
  const of = `${formatCount(shown)} of ${formatAmount(count, 'reading')}`;
  const without = known === shown ? '' : `; ${formatCount(known - shown)} without both values`;
  if (sampled !== null) return `${of}: the newest of each fifth of the window${without}`;
  if (known >= count) return `${of}${without}`;
  return `${of}, keeping ${describeKept(lines)}${without}`;
}

/** The predictions of the legend; `Not scored` only if there are such readings. */
export function listPredictions(points: Points): (0 | 1 | null)[] {
  return listOf(points, null).length === 0 ? [0, 1] : [0, 1, null];
}

function listOf(points: Points, prediction: 0 | 1 | null): ScatterPoint[] {
  return points.filter((point) => point.prediction === prediction);
}
