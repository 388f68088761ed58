const block = 50;

/** The ids of the visible rows, at most 100, in whole blocks, so that scrolling by a row does not trigger a query. */
export function toFeedbackIds(
  rowIds: readonly string[],
  range: { startIndex: number; endIndex: number } | null,
): string[] {
  if (range === null) return [];
  const first = Math.floor(range.startIndex / block) * block;
  const end = Math.ceil((range.endIndex + 1) / block) * block;
  return rowIds.slice(first, Math.min(end, first + 2 * block));
}
