import { formatCount } from '../../ui/format-number.ts';
import { toDateTimeText, toShortText } from '../time/format-time.ts';
import type { Zone } from '../time/zone.ts';

/** `2026-11-22 15:04:05.007` in the time zone. */
export function toTimeText(iso: string, zone: Zone): string {
  return `${toDateTimeText(new Date(iso), zone)}${toMilliseconds(iso)}`;
}

/** The same without the date if that is today. */
export function toShortTimeText(iso: string, zone: Zone): string {
  return `${toShortText(new Date(iso), new Date(), zone)}${toMilliseconds(iso)}`;
}

function toMilliseconds(iso: string): string {
  return `.${String(new Date(iso).getMilliseconds()).padStart(3, '0')}`;
}

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
