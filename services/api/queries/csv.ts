import { exportColumns, type StoredReading } from '@sensor-sentinel/contracts';

export const csvHeader = `${exportColumns.join(',')}\r\n`;

/**
 * A cell as RFC 4180 has it. Spreadsheets take a text that begins with one of these characters for a formula, and run
 * it: an apostrophe before it makes it a text (OWASP, CSV injection). Numbers stay numbers.
 */
export function toCsvCell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function toCsvLine(reading: StoredReading): string {
  return `${exportColumns.map((column) => toCsvCell(reading[column])).join(',')}\r\n`;
}
