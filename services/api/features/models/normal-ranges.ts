const lowShare = 0.05;

/** Fewer than these say too little about their tails. */
const fewestRows = 20;

interface NormalRange {
  low: number;
  high: number;
}

/** Where nine in ten normal readings lie, per feature; empty where there are too few to say. */
export function toNormalRanges(normalRows: readonly (readonly number[])[]): NormalRange[] {
  if (normalRows.length < fewestRows) return [];
  return Array.from({ length: normalRows[0]?.length ?? 0 }, (_, column) => {
    const sorted = normalRows.map((row) => row[column] ?? Number.NaN).toSorted((a, b) => a - b);
    return { low: toQuantile(sorted, lowShare), high: toQuantile(sorted, 1 - lowShare) };
  });
}

/** The value below which a share of all lies, between two of them by linear interpolation (numpy's default). */
function toQuantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}
