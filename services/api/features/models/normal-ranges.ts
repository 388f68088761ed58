import type { NormalRange } from '@sensor-sentinel/contracts';

const lowShare = 0.05;

/** With fewer rows, the tails are too uncertain. */
const minRows = 20;

/**
 * The 5th and 95th percentile of each feature.
 * @param normalRows normal readings, one array of features per reading; with fewer than 20, the result is empty
 */
export function toNormalRanges(normalRows: readonly (readonly number[])[]): NormalRange[] {
  if (normalRows.length < minRows) return [];
  return Array.from({ length: normalRows[0]?.length ?? 0 }, (_, column) => {
    const sorted = normalRows.map((row) => row[column] ?? Number.NaN).toSorted((a, b) => a - b);
    return { low: toQuantile(sorted, lowShare), high: toQuantile(sorted, 1 - lowShare) };
  });
}

/** The quantile at `share` in [0, 1] of ascending values, with linear interpolation like numpy's default. */
function toQuantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}
