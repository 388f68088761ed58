import { hourMs, minuteMs, type Range } from './window-plan.ts';

const minutes = [1, 2, 5, 10, 15, 30].map((count) => count * minuteMs);
const hours = [1, 2, 3, 6, 12].map((count) => count * hourMs);
const dayMs = 24 * hourMs;
/** Rollups of minutes are read for at most a week: 10 080 of them. */
const longestMinutesMs = 7 * dayMs;

function countBuckets({ fromMs, toMs }: Range, sizeMs: number): number {
  return Math.floor((toMs - 1) / sizeMs) - Math.floor(fromMs / sizeMs) + 1;
}

interface ResolutionOptions {
  points: number;
  /** Whether minutes are still kept there. */
  hasMinutes: boolean;
}

/** The shortest buckets, in milliseconds, of which at most `points` cover the window. */
export function chooseBucketMs(range: Range, { points, hasMinutes }: ResolutionOptions): number {
  const isShort = range.toMs - range.fromMs <= longestMinutesMs;
  const sizes = [...(hasMinutes && isShort ? minutes : []), ...hours];
  const fitting = sizes.find((sizeMs) => countBuckets(range, sizeMs) <= points);
  if (fitting !== undefined) return fitting;
  let sizeMs = dayMs;
  while (countBuckets(range, sizeMs) > points) sizeMs *= 2;
  return sizeMs;
}
