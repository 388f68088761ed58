import { formatAmount } from '../../ui/format-number.ts';
import { toPredictionTitle } from '../readings/prediction-title.ts';
import { formatMeasured } from '../types/format-feature.ts';
import type { Axes } from './scatter-axes.ts';
import type { ScatterScales } from './to-marks.ts';
import type { ScatterPoint } from './to-scatter-points.ts';

/** One visible mark; several readings may share its two values. */
export interface Place {
  x: number;
  y: number;
  normal: number;
  anomalous: number;
  unscored: number;
}

/** A keyboard step along one axis, in the order of its values. */
export interface Step {
  axis: 'x' | 'y';
  by: number;
}

export function toPlaces(points: readonly ScatterPoint[]): Place[] {
  const places = new Map<string, Place>();
  for (const { x, y, prediction } of points) {
    const place = places.get(`${x} ${y}`) ?? { x, y, normal: 0, anomalous: 0, unscored: 0 };
    if (prediction === null) place.unscored += 1;
    else if (prediction === 1) place.anomalous += 1;
    else place.normal += 1;
    places.set(`${x} ${y}`, place);
  }
  return [...places.values()];
}

/** The place drawn nearest to the values; null if none is within `withinPx`. */
export function findNearest(
  places: readonly Place[],
  values: Pick<Place, 'x' | 'y'>,
  { scales, withinPx = Number.POSITIVE_INFINITY }: { scales: ScatterScales; withinPx?: number },
): Place | null {
  let nearest: Place | null = null;
  let shortest = withinPx;
  for (const place of places) {
    const across = scales.toX(place.x) - scales.toX(values.x);
    const upwards = scales.toY(place.y) - scales.toY(values.y);
    const distance = Math.hypot(across, upwards);
    if (distance > shortest) continue;
    nearest = place;
    shortest = distance;
  }
  return nearest;
}

/** The place `by` steps further, at most the last one; without a start, the first or last place. */
export function stepFrom(
  places: readonly Place[],
  from: Place | null,
  { axis, by }: Step,
): Place | undefined {
  const other = axis === 'x' ? 'y' : 'x';
  const ordered = places.toSorted((a, b) => a[axis] - b[axis] || a[other] - b[other]);
  if (from === null) return by > 0 ? ordered[0] : ordered.at(-1);
  const index = ordered.findIndex(({ x, y }) => x === from.x && y === from.y);
  return ordered[Math.max(0, Math.min(index + by, ordered.length - 1))];
}

/** One line per axis, and one with the predictions. */
export function describePlace({ x, y, normal, anomalous, unscored }: Place, axes: Axes): string[] {
  const values = [
    `${axes.x.title} ${formatMeasured(x, axes.x)}`,
    `${axes.y.title} ${formatMeasured(y, axes.y)}`,
  ];
  if (normal + anomalous + unscored === 1)
    return [...values, toPredictionTitle(unscored === 1 ? null : anomalous === 1 ? 1 : 0)];
  const counts = [
    { count: normal, text: formatAmount(normal, 'normal reading') },
    { count: anomalous, text: formatAmount(anomalous, 'anomaly') },
    { count: unscored, text: `${formatAmount(unscored, 'reading')} not scored` },
  ];
  const counted = counts.filter(({ count }) => count > 0).map(({ text }) => text);
  return [...values, counted.join(', ')];
}
