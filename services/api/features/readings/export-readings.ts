import {
  exportColumns,
  neutralizeFormulas,
  type ReadingsSelection,
  type StoredReading,
} from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { type Position, toPosition } from '../../storage/cursor.ts';
import { planReadings } from './plan-readings.ts';
import { toStoredReading } from './reading-row.ts';
import { selectReadings } from './select-readings.ts';

export const csvHeader = `${exportColumns.join(',')}\r\n`;

const rowsPerChunk = 2000;
/** A chunk may take longer than a page, but must end before the connection counts as hung. */
const chunkMs = 6000;

/**
 * All readings that match, as text, chunk by chunk: each is a page of its own, so that neither memory nor a
 * transaction grows with their number.
 */
export async function* exportReadings(pool: Pool, selection: ReadingsSelection): AsyncGenerator<string> {
  const plan = await planReadings(pool, selection);
  let after: Position | undefined;
  let head = csvHeader;
  for (;;) {
    const rows = await selectReadings(pool, selection, {
      plan,
      after,
      limit: rowsPerChunk,
      limitMs: chunkMs,
    });
    yield head + rows.map((row) => toCsvLine(toStoredReading(row))).join('');
    head = '';
    const last = rows.at(-1);
    if (last === undefined || rows.length < rowsPerChunk) return;
    after = toPosition(last, selection.sort);
  }
}

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
