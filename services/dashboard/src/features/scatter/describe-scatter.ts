import type { Feature } from '@sensor-sentinel/contracts';
import { formatAmount, formatCount } from '../../ui/format-number.ts';
import { toPredictionTitle } from '../readings/prediction-title.ts';
import type { SeriesPoints } from '../series/use-series.ts';
import { formatValue, toTitleWithUnit } from '../types/format-feature.ts';
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
  const known = sampled ?? lines.reduce((sum, { timesMs }) => sum + timesMs.length, 0);
  const of = `${formatCount(shown)} of ${formatAmount(count, 'reading')}`;
  const without = known === shown ? '' : `; ${formatCount(known - shown)} without both values`;
  if (sampled !== null) return `${of}: the newest of each fifth of the window${without}`;
  if (known >= count) return `${of}${without}`;
  const keepsAll = lines.every(({ series }) => series.resolution !== 'reading' || !series.anomalies_sampled);
  return `${of}, keeping ${keepsAll ? 'every anomaly' : 'the most anomalous'}${without}`;
}

/** The predictions of the table and the legend; `Not scored` only if there are such readings. */
export function listPredictions(points: Points): (0 | 1 | null)[] {
  return listOf(points, null).length === 0 ? [0, 1] : [0, 1, null];
}

export function toScatterColumns({ x, y }: Axes): string[] {
  return ['Prediction', 'Shown', ...[x, y].map((feature) => `${toTitleWithUnit(feature)}: min to max`)];
}

export function listScatterRows(points: Points, { x, y }: Axes): string[][] {
  return listPredictions(points).map((prediction) => {
    const of = listOf(points, prediction);
    const ranges = [
      toRange(
        of.map((point) => point.x),
        x,
      ),
      toRange(
        of.map((point) => point.y),
        y,
      ),
    ];
    return [toPredictionTitle(prediction), formatCount(of.length), ...ranges];
  });
}

function listOf(points: Points, prediction: 0 | 1 | null): ScatterPoint[] {
  return points.filter((point) => point.prediction === prediction);
}

function toRange(values: readonly number[], feature: Feature): string {
  if (values.length === 0) return '–';
  return `${formatValue(Math.min(...values), feature)} to ${formatValue(Math.max(...values), feature)}`;
}
