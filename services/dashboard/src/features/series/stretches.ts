import type { Feature } from '@sensor-sentinel/contracts';
import { formatCount } from '../../ui/format-number.ts';
import { toDateTimeText } from '../time/format-time.ts';
import type { TimeWindow } from '../time/time-window.ts';
import type { Zone } from '../time/zone.ts';
import { formatValue, toTitleWithUnit } from '../types/format-feature.ts';
import { type SeriesLine, type SeriesPoints, toColumn, toExtremes } from './use-series.ts';

export interface StretchValues {
  min: number;
  max: number;
  mean: number;
}

/** The points in an interval of time. */
export interface Stretch {
  fromMs: number;
  readings: number;
  anomalies: number;
  /** In the order of the features; null without a value. */
  values: (StretchValues | null)[];
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
  const members = Array.from({ length: count }, (): Member[] => []);
  for (const line of lines)
    for (const [index, timeMs] of line.timesMs.entries())
      members[Math.floor((timeMs - fromMs) / lengthMs)]?.push({ line, index });
  return members.map((of, place) => ({
    fromMs: fromMs + place * lengthMs,
    readings: of.reduce((sum, { line, index }) => sum + (line.readings[index] ?? 0), 0),
    anomalies: of.reduce((sum, { line, index }) => sum + (line.anomalies[index] ?? 0), 0),
    values: features.map(({ name }) => toValues(of, name)),
  }));
}

/** So that no interval is so short that it would fall between two points. */
function countFitting({ series, timesMs }: SeriesLine, lengthMs: number): number {
  return Math.floor(
    series.resolution === 'reading' ? timesMs.length / 2 : lengthMs / (series.resolution * 1000),
  );
}

interface Member {
  line: SeriesLine;
  index: number;
}

function toValues(members: readonly Member[], feature: string): StretchValues | null {
  const sums = { weight: 0, weighted: 0, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY };
  for (const { line, index } of members) {
    const value = toColumn(line.series, feature)[index] ?? null;
    if (value === null) continue;
    const { lowest, highest } = toExtremes(line.series, feature);
    const weight = line.readings[index] ?? 0;
    sums.weight += weight;
    sums.weighted += weight * value;
    sums.min = Math.min(sums.min, lowest[index] ?? value);
    sums.max = Math.max(sums.max, highest[index] ?? value);
  }
  return sums.weight === 0 ? null : { min: sums.min, max: sums.max, mean: sums.weighted / sums.weight };
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

function describeValues(values: StretchValues | null, feature: Feature): string {
  if (values === null) return '–';
  const [mean, min, max] = [values.mean, values.min, values.max].map((value) => formatValue(value, feature));
  return `${mean} (${min} to ${max})`;
}
