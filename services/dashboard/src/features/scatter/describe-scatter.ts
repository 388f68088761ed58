import type { Feature } from '@sensor-sentinel/contracts';
import { formatAmount, formatCount } from '../../ui/format-number.ts';
import { toPredictionTitle } from '../readings/prediction-label.tsx';
import type { SeriesPoints } from '../series/series-points.ts';
import { formatValue, toTitleWithUnit } from '../types/format-feature.ts';
import type { Axes, ScatterPoint } from './scatter-points.ts';

function toRange(values: readonly number[], feature: Feature): string {
  if (values.length === 0) return '–';
  const lowest = values.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY);
  const highest = values.reduce((high, value) => Math.max(high, value), Number.NEGATIVE_INFINITY);
  return `${formatValue(lowest, feature)} to ${formatValue(highest, feature)}`;
}

function countBy(points: readonly ScatterPoint[], prediction: 0 | 1 | null): number {
  return points.filter((point) => point.prediction === prediction).length;
}

/** The chart as text, for screen readers. */
export function describeScatter(points: readonly ScatterPoint[], { x, y }: Axes): string {
  const unscored = countBy(points, null);
  const normal = formatAmount(countBy(points, 0), 'normal reading');
  const anomalous = formatAmount(countBy(points, 1), 'anomaly');
  const rest = formatAmount(unscored, 'reading');
  const shown =
    unscored === points.length && unscored > 0
      ? `${rest} without a prediction`
      : `${normal} and ${anomalous}${unscored === 0 ? '' : `, and ${rest} without a prediction`}`;
  return `${toTitleWithUnit(y)} against ${toTitleWithUnit(x)}: ${shown}`;
}

interface Shown {
  /** The number of points. */
  shown: number;
  /** The number of readings with both values, of which some may be left out. */
  known: number;
  /** The number of sampled readings; null: the readings of the charts are shown. */
  sampled: number | null;
}

/** Describes which readings are shown. */
export function describeShown({ lines, count }: SeriesPoints, { shown, known, sampled }: Shown): string {
  const drawn = sampled ?? lines.reduce((sum, { timesMs }) => sum + timesMs.length, 0);
  const of = `${formatCount(shown)} of ${formatAmount(count, 'reading')}`;
  const without = drawn === known ? '' : `; ${formatCount(drawn - known)} without both values`;
  if (sampled !== null) return `${of}: the newest of each fifth of the window${without}`;
  if (drawn >= count && shown === known) return `${of}${without}`;
  const keepsAll = lines.every(({ series }) => series.resolution !== 'reading' || !series.anomalies_sampled);
  return `${of}, keeping ${keepsAll ? 'every anomaly' : 'the most anomalous'}${without}`;
}

export function toScatterColumns({ x, y }: Axes): string[] {
  return ['Prediction', 'Shown', ...[x, y].map((feature) => `${toTitleWithUnit(feature)}: min to max`)];
}

/** The predictions of the table and the legend; `Not scored` only if there are such readings. */
export function listPredictions(points: readonly ScatterPoint[]): (0 | 1 | null)[] {
  return countBy(points, null) === 0 ? [0, 1] : [0, 1, null];
}

export function listScatterRows(points: readonly ScatterPoint[], { x, y }: Axes): string[][] {
  return listPredictions(points).map((prediction) => {
    const of = points.filter((point) => point.prediction === prediction);
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
