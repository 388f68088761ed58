import { type SeriesPoints, toColumn, toExtremes } from './series-points.ts';
import type { Span } from './time-ticks.ts';

export interface StretchValues {
  min: number;
  max: number;
  mean: number;
}

/** The points in an interval of time. */
export interface Stretch extends Span {
  readings: number;
  anomalies: number;
  /** Of the points. */
  indexes: readonly number[];
}

function sum(weights: readonly number[], indexes: readonly number[]): number {
  return indexes.reduce((total, index) => total + (weights[index] ?? 0), 0);
}

/** The values of a feature in an interval; null if it has none. */
export function toStretchValues(
  points: SeriesPoints,
  { indexes }: Stretch,
  feature: string,
): StretchValues | null {
  const { series, readings } = points;
  const column = toColumn(series, feature);
  const { lowest, highest } = toExtremes(series, feature);
  const known = indexes.filter((index) => (column[index] ?? null) !== null);
  const weight = sum(readings, known);
  if (weight === 0) return null;
  const weighted = known.reduce((total, index) => total + (column[index] ?? 0) * (readings[index] ?? 0), 0);
  return {
    min: known.reduce((low, index) => Math.min(low, lowest[index] ?? low), Number.POSITIVE_INFINITY),
    max: known.reduce((high, index) => Math.max(high, highest[index] ?? high), Number.NEGATIVE_INFINITY),
    mean: weighted / weight,
  };
}

/** Divides a window into intervals of equal length and collects the points of each. */
export function toStretches(points: SeriesPoints, { fromMs, toMs }: Span, count: number): Stretch[] {
  const lengthMs = (toMs - fromMs) / count;
  const indexes = Array.from({ length: count }, (): number[] => []);
  for (const [index, timeMs] of points.timesMs.entries())
    indexes[Math.floor((timeMs - fromMs) / lengthMs)]?.push(index);
  return indexes.map((of, place) => ({
    fromMs: fromMs + place * lengthMs,
    toMs: fromMs + (place + 1) * lengthMs,
    readings: sum(points.readings, of),
    anomalies: sum(points.anomalies, of),
    indexes: of,
  }));
}

/** The number of intervals: at most `most`, and none so short that it would fall between two points. */
export function countStretches(
  { series, timesMs }: SeriesPoints,
  { fromMs, toMs }: Span,
  most: number,
): number {
  const fitting =
    series.resolution === 'reading' ? timesMs.length / 2 : (toMs - fromMs) / (series.resolution * 1000);
  return Math.max(1, Math.min(most, Math.floor(fitting)));
}
