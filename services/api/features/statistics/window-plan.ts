import { fromSqlTimestamp } from '../../storage/sql-values.ts';

export const minuteMs = 60_000;
export const tenMinutesMs = 10 * minuteMs;
export const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The rows that a segment is read from. */
export type Level = 'reading' | 'minute' | 'ten_minutes' | 'hour';

/** From `fromMs` up to but not including `toMs`; infinite where the window has no end. */
export interface Range {
  fromMs: number;
  toMs: number;
}

export interface Segment extends Range {
  level: Level;
}

/** How a window is read: its segments, and the range that they cover together. */
export interface Plan {
  counted: Range;
  segments: readonly Segment[];
  /** Whether the readings at the ends of the window are only counted. Their values take noticeably longer to read. */
  countsEnds?: boolean;
}

/** Whole hours in the middle; next to them ten minutes, then minutes; readings at the ends. */
export function planWindow(window: Range, horizons: Horizons): Plan {
  const counted = toCounted(window, horizons);
  return { counted, segments: toSegments(counted) };
}

/** Whole hours in the middle, and minutes next to them, of which the first and the last may be only partly in the window. */
export function toRollupSegments(window: Range): Segment[] {
  return toSegments(window, ['hour', 'minute', 'reading']).map((segment) =>
    segment.level === 'reading'
      ? { level: 'minute', fromMs: floorTo(segment.fromMs, minuteMs), toMs: ceilTo(segment.toMs, minuteMs) }
      : segment,
  );
}

/** Rounds both ends outwards to the finest level that retention has kept there. */
export function toCounted({ fromMs, toMs }: Range, horizons: Horizons): Range {
  const oldestMs = Math.max(fromMs, horizons.hours);
  return {
    fromMs: floorTo(oldestMs, finestStepAt(oldestMs, horizons)),
    toMs: ceilTo(toMs, finestStepAt(toMs - 1, horizons)),
  };
}

const stepMs: Readonly<Record<Level, number>> = {
  hour: hourMs,
  ten_minutes: tenMinutesMs,
  minute: minuteMs,
  reading: 1,
};

const allLevels: readonly Level[] = ['hour', 'ten_minutes', 'minute', 'reading'];

/** Covers a range by the given levels, the coarsest first. */
export function toSegments(
  { fromMs, toMs }: Range,
  [level = 'reading', ...finer]: readonly Level[] = allLevels,
): Segment[] {
  if (fromMs >= toMs) return [];
  const firstMs = ceilTo(fromMs, stepMs[level]);
  const endMs = floorTo(toMs, stepMs[level]);
  if (firstMs >= endMs) return toSegments({ fromMs, toMs }, finer);
  return [
    ...toSegments({ fromMs, toMs: firstMs }, finer),
    { level, fromMs: firstMs, toMs: endMs },
    ...toSegments({ fromMs: endMs, toMs }, finer),
  ];
}

function finestStepAt(timeMs: number, { readings, minutes }: Horizons): number {
  if (timeMs >= readings) return stepMs.reading;
  return timeMs >= minutes ? stepMs.minute : stepMs.hour;
}

function floorTo(timeMs: number, step: number): number {
  return Math.floor(timeMs / step) * step;
}

function ceilTo(timeMs: number, step: number): number {
  return Math.ceil(timeMs / step) * step;
}

/** Each size is at most twice the one before, so that a series has at least half of the buckets that fit. */
const minuteSizes = [1, 2, 3, 4, 5, 10, 20, 30].map((count) => count * minuteMs);
const hourSizes = [1, 2, 3, 4, 6, 8, 12].map((count) => count * hourMs);
/** A longer window has more than 500 hours. */
const longestMinutesMs = 21 * dayMs;

interface ResolutionOptions {
  points: number;
  /** Whether retention has kept the minutes of the whole range. */
  hasMinutes: boolean;
}

/** The shortest size of buckets with which at most `points` buckets cover the range. */
export function chooseBucketMs(range: Range, { points, hasMinutes }: ResolutionOptions): number {
  const isShort = range.toMs - range.fromMs <= longestMinutesMs;
  const sizes = [...(hasMinutes && isShort ? minuteSizes : []), ...hourSizes];
  const fitting = sizes.find((sizeMs) => countBuckets(range, sizeMs) <= points);
  if (fitting !== undefined) return fitting;
  let sizeMs = dayMs;
  while (countBuckets(range, sizeMs) > points) sizeMs *= 2;
  return sizeMs;
}

/** The levels from which buckets of this size are read: the coarsest that they consist of, and finer ones for the ends. */
export function toBucketLevels(bucketMs: number): readonly Level[] {
  return allLevels.filter((level) => bucketMs % stepMs[level] === 0);
}

function countBuckets({ fromMs, toMs }: Range, sizeMs: number): number {
  return Math.floor((toMs - 1) / sizeMs) - Math.floor(fromMs / sizeMs) + 1;
}

/** The times before which retention has removed readings, minutes and hours; -Infinity if none. */
export interface Horizons {
  readings: number;
  minutes: number;
  hours: number;
}

export const nothingRemoved: Horizons = { readings: -Infinity, minutes: -Infinity, hours: -Infinity };

/** The row of `retention_horizons`. */
export interface HorizonColumns {
  readings_before: string | null;
  minutes_before: string | null;
  hours_before: string | null;
}

export const horizonColumns = 'readings_before, minutes_before, hours_before';

export function toHorizons({ readings_before, minutes_before, hours_before }: HorizonColumns): Horizons {
  return { readings: toMs(readings_before), minutes: toMs(minutes_before), hours: toMs(hours_before) };
}

function toMs(before: string | null): number {
  return before === null ? -Infinity : Date.parse(fromSqlTimestamp(before));
}
