import {
  exportColumns,
  neutralizeFormulas,
  type ReadingsSelection,
  type StoredReading,
} from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import type { Position } from '../../storage/cursor.ts';
import { countCandidates, selectPage } from './list-readings.ts';
import { findSelectedSensors } from './reading-filters.ts';
import { toStoredReading } from './reading-row.ts';
import { toPosition } from './select-readings.ts';

export const csvHeader = `${exportColumns.join(',')}\r\n`;

const rowsPerChunk = 2000;
/** Longer than the limit of a page, but shorter than the statement timeout of the connection. */
const chunkLimitMs = 6000;

/**
 * Yields all matching readings as CSV text. Each chunk is a keyset page, so that memory and transactions stay bounded.
 * @throws StorageError
 */
export async function* exportReadings(pool: Pool, selection: ReadingsSelection): AsyncGenerator<string> {
  const keyed = await findSelectedSensors(pool, selection);
  const hasSensors = keyed.sensors?.length !== 0;
  const candidates = hasSensors ? await countCandidates(pool, keyed) : 0;
  let after: Position | undefined;
  let head = csvHeader;
  for (;;) {
    const options = { after, limit: rowsPerChunk, limitMs: chunkLimitMs, candidates };
    const rows = hasSensors ? await selectPage(pool, keyed, options) : [];
    yield head + rows.map((row) => toCsvLine(toStoredReading(row))).join('');
    head = '';
    const last = rows.at(-1);
    if (last === undefined || rows.length < rowsPerChunk) return;
    after = toPosition(last, selection);
  }
}

/**
 * Formats a cell according to RFC 4180 and neutralizes formulas in text. Cells with delimiters of other locales are
 * quoted too.
 */
export function toCsvCell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = neutralizeFormulas(value);
  return /[",;|\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Formats a reading as one line, with its line end. */
export function toCsvLine(reading: StoredReading): string {
  return `${exportColumns.map((column) => toCsvCell(reading[column])).join(',')}\r\n`;
}
