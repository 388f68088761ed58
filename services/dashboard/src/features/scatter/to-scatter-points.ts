import { featureValueOf, type ReadingSeries, type StoredReading } from '@sensor-sentinel/contracts';
import { toColumn } from '../charts/series-points.ts';
import type { Axes } from './scatter-axes.ts';

export interface ScatterPoint {
  x: number;
  y: number;
  prediction: 0 | 1 | null;
}

/** The readings of a series that have both values. */
export function toSeriesPairs(series: ReadingSeries, axes: Axes): ScatterPoint[] {
  const [xs, ys] = [toColumn(series, axes.x.name), toColumn(series, axes.y.name)];
  return series.prediction.flatMap((prediction, index) => toPoint(xs[index], ys[index], prediction));
}

/** The readings that have both values. */
export function toReadingPairs(readings: readonly StoredReading[], axes: Axes): ScatterPoint[] {
  return readings.flatMap((reading) =>
    toPoint(featureValueOf(reading, axes.x.name), featureValueOf(reading, axes.y.name), reading.prediction),
  );
}

function toPoint(
  x: number | null | undefined,
  y: number | null | undefined,
  prediction: ScatterPoint['prediction'],
): ScatterPoint[] {
  return x == null || y == null ? [] : [{ x, y, prediction }];
}
