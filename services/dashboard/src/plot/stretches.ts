import type { FeatureName } from '@sensor-sentinel/contracts';
import type { SeriesPoints } from './series-points.ts';
import type { Span } from './time-ticks.ts';

export interface StretchValues {
  min: number;
  max: number;
  mean: number;
}

/** The aggregate of the points in an interval of time. */
export interface Stretch extends Span {
  readings: number;
  anomalies: number;
  /** Null without readings. */
  values: Readonly<Record<FeatureName, StretchValues>> | null;
}

function sumStretch(
  points: SeriesPoints,
  { span, indexes }: { span: Span; indexes: readonly number[] },
): Stretch {
  const { series } = points;
  const weightOf = (index: number) => points.readings[index] ?? 0;
  const readings = indexes.reduce((sum, index) => sum + weightOf(index), 0);
  const anomalies = indexes.reduce((sum, index) => sum + (points.anomalies[index] ?? 0), 0);
  const lowest = series.resolution === 'reading' ? series : series.min;
  const highest = series.resolution === 'reading' ? series : series.max;
  const toValues = (name: FeatureName): StretchValues => ({
    min: indexes.reduce((low, index) => Math.min(low, lowest[name][index] ?? low), Number.POSITIVE_INFINITY),
    max: indexes.reduce(
      (high, index) => Math.max(high, highest[name][index] ?? high),
      Number.NEGATIVE_INFINITY,
    ),
    mean: indexes.reduce((sum, index) => sum + (series[name][index] ?? 0) * weightOf(index), 0) / readings,
  });
  return {
    ...span,
    readings,
    anomalies,
    values:
      readings === 0
        ? null
        : {
            temperature: toValues('temperature'),
            humidity: toValues('humidity'),
            sound_volume: toValues('sound_volume'),
          },
  };
}

/** Divides a window into intervals of equal length and aggregates the points of each. */
export function toStretches(points: SeriesPoints, { fromMs, toMs }: Span, count: number): Stretch[] {
  const lengthMs = (toMs - fromMs) / count;
  const indexes = Array.from({ length: count }, (): number[] => []);
  for (const [index, timeMs] of points.timesMs.entries())
    indexes[Math.floor((timeMs - fromMs) / lengthMs)]?.push(index);
  return indexes.map((of, place) => {
    const span = { fromMs: fromMs + place * lengthMs, toMs: fromMs + (place + 1) * lengthMs };
    return sumStretch(points, { span, indexes: of });
  });
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
