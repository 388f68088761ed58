const block = 50;

/** The ids of whole blocks of rows around those in view, at most 100: scrolling on by a row asks nothing new. */
export function toTruthIds(
  rowIds: readonly string[],
  range: { startIndex: number; endIndex: number } | null,
): string[] {
  if (range === null) return [];
  const first = Math.floor(range.startIndex / block) * block;
  const end = Math.ceil((range.endIndex + 1) / block) * block;
  return rowIds.slice(first, Math.min(end, first + 2 * block));
}
