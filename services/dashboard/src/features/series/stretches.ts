import type { Feature } from '@sensor-sentinel/contracts';
import { formatCount } from '../../ui/format-number.ts';
import { toDateTimeText } from '../time/format-time.ts';
import type { TimeWindow } from '../time/time-window.ts';
import type { Zone } from '../time/zone.ts';
import { formatValue, toTitleWithUnit } from '../types/format-feature.ts';
import {
  type PointValue,
  type SeriesLine,
  type SeriesPoint,
  type SeriesPoints,
  toValue,
} from './use-series.ts';

/** The points in an interval of time. */
export interface Stretch {
  fromMs: number;
  readings: number;
  anomalies: number;
  /** In the order of the features; null without a value. */
  values: (PointValue | null)[];
}

/** Divides a window into intervals of equal length, at most `most`, and summarizes the points of each. */
export function toStretches(
  lines: readonly SeriesLine[],
  { from, to, most }: TimeWindow & { most: number },
  features: readonly Feature[],
): Stretch[] {
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  const count = Math.max(1, ...lines.map((line) => Math.min(most, countFitting(line, toMs - fromMs))));
  const lengthMs = (toMs - fromMs) / count;
  const members = Array.from({ length: count }, (): SeriesPoint[] => []);
  for (const point of lines.flatMap(({ points }) => points))
    members[Math.floor((point.timeMs - fromMs) / lengthMs)]?.push(point);
  return members.map((points, place) => ({
    fromMs: fromMs + place * lengthMs,
    readings: points.reduce((sum, { readings }) => sum + readings, 0),
    anomalies: points.reduce((sum, { anomalies }) => sum + anomalies, 0),
    values: features.map(({ name }) => summarize(points, name)),
  }));
}

/** So that no interval is so short that it would fall between two points. */
function countFitting({ series, points }: SeriesLine, lengthMs: number): number {
  return Math.floor(
    series.resolution === 'reading' ? points.length / 2 : lengthMs / (series.resolution * 1000),
  );
}

/** The mean is weighted by the readings of each point. */
function summarize(points: readonly SeriesPoint[], feature: string): PointValue | null {
  const known = points.flatMap((point) => {
    const value = toValue(point, feature);
    return value === null ? [] : [{ ...value, weight: point.readings }];
  });
  if (known.length === 0) return null;
  const weight = known.reduce((sum, value) => sum + value.weight, 0);
  return {
    mean: known.reduce((sum, value) => sum + value.weight * value.mean, 0) / weight,
    min: Math.min(...known.map(({ min }) => min)),
    max: Math.max(...known.map(({ max }) => max)),
  };
}

export function toSeriesColumns({ lines }: SeriesPoints, features: readonly Feature[]): string[] {
  const titles = features.map((feature) => `${toTitleWithUnit(feature)}: mean (min to max)`);
  return ['From', ...(lines.length > 1 ? ['Sensor'] : []), 'Readings', 'Anomalies', ...titles];
}

const mostRows = 30;

/** The data of the charts as at most thirty table rows per sensor, latest first. */
export function listSeriesRows(
  { lines, isScored }: SeriesPoints,
  { from, to, zone }: TimeWindow & { zone: Zone },
  features: readonly Feature[],
): string[][] {
  return lines.flatMap((line) =>
    toStretches([line], { from, to, most: mostRows }, features)
      .toReversed()
      .map(({ fromMs, readings, anomalies, values }) => [
        toDateTimeText(new Date(fromMs), zone),
        ...(lines.length > 1 ? [line.sensor ?? ''] : []),
        formatCount(readings),
        isScored ? formatCount(anomalies) : '–',
        ...features.map((feature, place) => describeValues(values[place] ?? null, feature)),
      ]),
  );
}

function describeValues(values: PointValue | null, feature: Feature): string {
  if (values === null) return '–';
  const [mean, min, max] = [values.mean, values.min, values.max].map((value) => formatValue(value, feature));
  return `${mean} (${min} to ${max})`;
}
