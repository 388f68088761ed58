import { type Feature, featureValueOf, type StoredReading } from '@sensor-sentinel/contracts';
import { type SeriesLine, toColumn } from '../series/use-series.ts';
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
  const readings = lines.flatMap(({ series }) => (series.resolution === 'reading' ? [series] : []));
  if (readings.length < lines.length) return null;
  return readings.flatMap((series) => {
    const [xs, ys] = [toColumn(series, x.name), toColumn(series, y.name)];
    const pairs = series.id.map((id, at) => ({
      ...{ id, x: xs[at] ?? null, y: ys[at] ?? null },
      prediction: series.prediction[at] ?? null,
    }));
    return pairs.filter(hasBoth);
  });
}

/** The readings that have both values. */
export function toReadingPairs(readings: readonly StoredReading[], { x, y }: Axes): ScatterPoint[] {
  const pairs = readings.map((reading) => ({
    id: reading.id,
    x: featureValueOf(reading, x.name),
    y: featureValueOf(reading, y.name),
    prediction: reading.prediction,
  }));
  return pairs.filter(hasBoth);
}

function hasBoth<Pair extends { x: number | null; y: number | null }>(
  pair: Pair,
): pair is Pair & { x: number; y: number } {
  return pair.x !== null && pair.y !== null;
}
