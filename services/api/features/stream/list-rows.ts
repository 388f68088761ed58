import type { Pool } from 'mysql2/promise';
import { selectRows } from '../../storage/connection.ts';
import { type ArrivedRow, arrivedColumns, readingNames } from '../readings/reading-row.ts';
import type { SeqRange, StreamPosition } from './seq-tracker.ts';

interface RowsQuery {
  after: number;
  upTo?: number;
  limit: number;
}

/** Readings in order of `seq`, which is the order of their arrival. */
export function listRowsAfter(pool: Pool, { after, upTo, limit }: RowsQuery): Promise<ArrivedRow[]> {
  const sql = `SELECT ${arrivedColumns} FROM readings FORCE INDEX (PRIMARY) ${readingNames} WHERE readings.seq > ?
    ${upTo === undefined ? '' : 'AND readings.seq <= ?'} ORDER BY readings.seq LIMIT ?`;
  return selectRows<ArrivedRow>(pool, { sql, values: [after, ...(upTo === undefined ? [] : [upTo]), limit] });
}

const rangesPerStatement = 500;

/** Readings whose `seq` is in one of the ranges, in order of `seq`. */
export async function listRowsIn(pool: Pool, ranges: readonly SeqRange[]): Promise<ArrivedRow[]> {
  const rows: ArrivedRow[] = [];
  for (let start = 0; start < ranges.length; start += rangesPerStatement) {
    const some = ranges.slice(start, start + rangesPerStatement);
    const where = some.map(() => 'readings.seq BETWEEN ? AND ?').join(' OR ');
    const sql = `SELECT ${arrivedColumns} FROM readings FORCE INDEX (PRIMARY) ${readingNames} WHERE ${where}
      ORDER BY readings.seq`;
    rows.push(
      ...(await selectRows<ArrivedRow>(pool, { sql, values: some.flatMap(({ from, to }) => [from, to]) })),
    );
  }
  return rows;
}

/** How many rows before the end of the table are searched for holes. */
const tailRows = 20_000;

/** The end of the table, with the holes before it: a transaction that is still open may fill them. */
export async function findTail(pool: Pool): Promise<StreamPosition> {
  const sql = `SELECT seq FROM (SELECT seq FROM readings ORDER BY seq DESC LIMIT ${tailRows}) AS tail ORDER BY seq`;
  const rows = await selectRows<{ seq: number }>(pool, { sql });
  const holes: SeqRange[] = [];
  const first = rows[0]?.seq ?? 1;
  // An open transaction may also insert before the first row of the table.
  let before = rows.length < tailRows ? Math.max(0, first - 1 - tailRows) : first - 1;
  for (const { seq } of rows) {
    if (seq > before + 1) holes.push({ from: before + 1, to: seq - 1 });
    before = seq;
  }
  return { seq: rows.at(-1)?.seq ?? 0, holes };
}
