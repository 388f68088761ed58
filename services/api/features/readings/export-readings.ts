import { neutralizeFormulas, type ReadingsSelection, toExportColumns } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import type { Position } from '../../storage/cursor.ts';
import type { LoadedType } from '../types/sensor-type.ts';
import { countCandidates, selectPage } from './list-readings.ts';
import { findSelectedSensors } from './reading-filters.ts';
import { type Reading, toReading } from './reading-row.ts';
import { toPosition } from './select-readings.ts';

const rowsPerChunk = 2000;
/** Longer than the limit of a page, but shorter than the statement timeout of the connection. */
const chunkLimitMs = 6000;

/**
 * Yields all matching readings as CSV text. Each chunk is a keyset page, so that memory and transactions stay bounded.
 * @throws StorageError
 */
export async function* exportReadings(
  pool: Pool,
  type: LoadedType,
  selection: ReadingsSelection,
): AsyncGenerator<string> {
  const keyed = await findSelectedSensors(pool, type, selection);
  const hasSensors = keyed.sensors?.length !== 0;
  const counted = hasSensors ? await countCandidates(pool, keyed) : { candidates: 0, isComplete: true };
  let after: Position | undefined;
  let head = toCsvHeader(type);
  for (;;) {
    const options = { after, limit: rowsPerChunk, limitMs: chunkLimitMs, ...counted };
    const rows = hasSensors ? await selectPage(pool, keyed, options) : [];
    yield head + rows.map((row) => toCsvLine(toReading(type, row))).join('');
    head = '';
    const last = rows.at(-1);
    if (last === undefined || rows.length < rowsPerChunk) return;
    after = toPosition(last, keyed);
  }
}

/**
 * Formats a cell according to RFC 4180 and neutralizes formulas in text. Cells with delimiters of other locales are
 * quoted too.
 */
export function toCsvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = neutralizeFormulas(value);
  return /[",;|\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function toCsvHeader(type: LoadedType): string {
  return `${toExportColumns(type).map(toCsvCell).join(',')}\r\n`;
}

/** Formats a reading as one line, with its line end; a missing value is an empty cell. */
export function toCsvLine({ id, sensor_id, timestamp, values, prediction, score, model }: Reading): string {
  const cells = [id, sensor_id, timestamp, ...values, prediction, score, model];
  return `${cells.map(toCsvCell).join(',')}\r\n`;
}
