import { type Feature, featureValueOf, type StoredReading } from '@sensor-sentinel/contracts';
import { type SeriesLine, toValue } from '../series/use-series.ts';
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
export function toSeriesPairs(lines: readonly SeriesLine[], { x, y }: Axes): ScatterPoint[] | null {
  if (lines.some(({ series }) => series.resolution !== 'reading')) return null;
  return lines.flatMap(({ points }) =>
    points.flatMap((point) => {
      if (point.reading === null) return [];
      return toPair(point.reading, toValue(point, x.name)?.mean, toValue(point, y.name)?.mean);
    }),
  );
}

/** The readings that have both values. */
export function toReadingPairs(readings: readonly StoredReading[], { x, y }: Axes): ScatterPoint[] {
  return readings.flatMap((reading) =>
    toPair(reading, featureValueOf(reading, x.name), featureValueOf(reading, y.name)),
  );
}

type MaybeValue = number | null | undefined;

function toPair(
  { id, prediction }: Pick<StoredReading, 'id' | 'prediction'>,
  x: MaybeValue,
  y: MaybeValue,
): ScatterPoint[] {
  return x == null || y == null ? [] : [{ id, x, y, prediction }];
}
