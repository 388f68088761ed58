import { formatCount } from '../../format/format-number.ts';

interface PagePosition {
  pageIndex: number;
  pageSize: number;
  rows: number;
  total: number;
  totalLimit: number;
}

/** `51–100 of 2 340`, or `of 10 000+` where the server stopped counting. */
export function describePage({ pageIndex, pageSize, rows, total, totalLimit }: PagePosition): string {
  const totalText = total >= totalLimit ? `${formatCount(totalLimit)}+` : formatCount(total);
  if (rows === 0) return `0 of ${totalText}`;
  const first = pageIndex * pageSize + 1;
  return `${formatCount(first)}–${formatCount(first + rows - 1)} of ${totalText}`;
}
