import { formatCount } from '../../ui/format-number.ts';

interface RowsInView {
  /** Zero-based; `last` is inclusive. */
  first: number;
  last: number;
  total: number;
  totalLimit: number;
}

/** `1–14 of 2 340`, or `of 10 000+` if the server stopped counting. */
export function describeRows({ first, last, total, totalLimit }: RowsInView): string {
  const totalText = total >= totalLimit ? `${formatCount(totalLimit)}+` : formatCount(total);
  if (last < first) return `0 of ${totalText}`;
  return `${formatCount(first + 1)}–${formatCount(last + 1)} of ${totalText}`;
}

/** The rows in the visible area; partly visible rows are included. */
export function toRowsInView(
  { scrollTop, clientHeight }: { scrollTop: number; clientHeight: number },
  { headHeight, rowHeight, rows }: { headHeight: number; rowHeight: number; rows: number },
): { first: number; last: number } {
  const first = Math.floor(scrollTop / rowHeight);
  const last = Math.ceil((scrollTop + clientHeight - headHeight) / rowHeight) - 1;
  return { first: Math.max(0, Math.min(first, rows - 1)), last: Math.min(last, rows - 1) };
}
