import { type Feature, featureValueOf, type StoredReading } from '@sensor-sentinel/contracts';
import { type SeriesLine, toColumn } from '../series/series-points.ts';
import type { UrlState } from '../url-state/url-state.ts';

/** The features on the axes. */
export interface Axes {
  x: Feature;
  y: Feature;
}

/** The chosen features, by default the second one against the first; null if the type has only one feature. */
export function toScatterAxes(features: readonly Feature[], chosen: UrlState['scatter']): Axes | null {
  const [first, second] = features;
  if (first === undefined || second === undefined) return null;
  const find = (name: string | null) => features.find((feature) => feature.name === name);
  return { x: find(chosen.x) ?? second, y: find(chosen.y) ?? first };
}

/** Puts a feature on an axis. The axes are swapped if it is on the other one. */
export function withAxis(axes: Axes, axis: 'x' | 'y', name: string): UrlState['scatter'] {
  const other = axis === 'x' ? 'y' : 'x';
  const otherName = axes[other].name === name ? axes[axis].name : axes[other].name;
  return axis === 'x' ? { x: name, y: otherName } : { x: otherName, y: name };
}

export interface ScatterPoint {
  id: string;
  x: number;
  y: number;
  prediction: 0 | 1 | null;
}

/** The readings of the charts that have both values; null if one of the lines has buckets. */
export function toSeriesPairs(lines: readonly SeriesLine[], axes: Axes): ScatterPoint[] | null {
  const points: ScatterPoint[] = [];
  for (const { series } of lines) {
    if (series.resolution !== 'reading') return null;
    const [xs, ys] = [toColumn(series, axes.x.name), toColumn(series, axes.y.name)];
    for (const [index, id] of series.id.entries())
      points.push(
        ...toPoint({ id, x: xs[index], y: ys[index], prediction: series.prediction[index] ?? null }),
      );
  }
  return points;
}

/** More marks would make the page slow. */
const mostPoints = 600;

/** All anomalies and an even sample of the other points. The same points have the same sample. */
export function thinOut(points: readonly ScatterPoint[]): readonly ScatterPoint[] {
  const others = points.filter(({ prediction }) => prediction !== 1);
  const step = others.length / Math.max(1, mostPoints - (points.length - others.length));
  if (points.length <= mostPoints) return points;
  const isKept = (place: number) => Math.floor((place + 1) / step) > Math.floor(place / step);
  const kept = new Set(others.filter((_, place) => isKept(place)));
  return points.filter((point) => point.prediction === 1 || kept.has(point));
}

/** The readings that have both values. */
export function toReadingPairs(readings: readonly StoredReading[], axes: Axes): ScatterPoint[] {
  return readings.flatMap((reading) => {
    const { id, prediction } = reading;
    const [x, y] = [featureValueOf(reading, axes.x.name), featureValueOf(reading, axes.y.name)];
    return toPoint({ id, x, y, prediction });
  });
}

interface MaybePoint extends Pick<ScatterPoint, 'id' | 'prediction'> {
  x: number | null | undefined;
  y: number | null | undefined;
}

function toPoint({ id, x, y, prediction }: MaybePoint): ScatterPoint[] {
  return x == null || y == null ? [] : [{ id, x, y, prediction }];
}
