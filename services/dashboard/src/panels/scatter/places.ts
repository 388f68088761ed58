import { features } from '@sensor-sentinel/contracts';
import { formatAmount, formatMeasure } from '../../format/format-number.ts';
import type { Axes } from './describe-scatter.ts';
import type { ScatterScales } from './to-marks.ts';
import type { ScatterPoint } from './use-scatter.ts';

/** One visible mark; several readings may share its two values. */
export interface Place {
  x: number;
  y: number;
  normal: number;
  anomalous: number;
}

/** A keyboard step along one axis, in the order of its values. */
export interface Step {
  axis: 'x' | 'y';
  by: number;
}

export function toPlaces(points: readonly ScatterPoint[], axes: Axes): Place[] {
  const places = new Map<string, Place>();
  for (const point of points) {
    const [x, y] = [point[axes.x], point[axes.y]];
    const place = places.get(`${x} ${y}`) ?? { x, y, normal: 0, anomalous: 0 };
    if (point.prediction === 1) place.anomalous += 1;
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
export function describePlace({ x, y, normal, anomalous }: Place, axes: Axes): string[] {
  const values = (
    [
      ['x', x],
      ['y', y],
    ] as const
  ).map(([axis, value]) => {
    const feature = features.find(({ name }) => name === axes[axis]);
    return `${feature?.title} ${formatMeasure(value)} ${feature?.unit}`;
  });
  if (normal + anomalous === 1) return [...values, anomalous === 1 ? 'Anomaly' : 'Normal'];
  const counts = [formatAmount(normal, 'normal reading'), formatAmount(anomalous, 'anomaly')];
  return [...values, counts.filter((_, index) => [normal, anomalous][index] !== 0).join(', ')];
}
