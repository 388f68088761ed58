import { exportColumns, neutralizeFormulas, type StoredReading } from '@sensor-sentinel/contracts';

export const csvHeader = `${exportColumns.join(',')}\r\n`;

/**
 * A cell as in RFC 4180, without formulas. Quotes are also put around the delimiters of other locales. Numbers stay
 * numbers.
 */
export function toCsvCell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = neutralizeFormulas(value);
  return /[",;|\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function toCsvLine(reading: StoredReading): string {
  return `${exportColumns.map((column) => toCsvCell(reading[column])).join(',')}\r\n`;
}
