import type { Pool } from 'mysql2/promise';
import { selectRows } from '../../storage/connection.ts';
import { type ArrivedRow, arrivedColumns } from '../readings/reading-row.ts';
import type { SeqRange, StreamPosition } from './position.ts';

/** So far back holes are looked for when the tail is first read. */
const lookBack = 20_000;

export async function findLastSeq(pool: Pool): Promise<number> {
  const sql = 'SELECT seq FROM readings ORDER BY seq DESC LIMIT 1';
  const [row] = await selectRows<{ seq: number }>(pool, { sql });
  return row?.seq ?? 0;
}

/** The end of the table, and the holes before it: some may be of transactions that are still open. */
export async function findTail(pool: Pool): Promise<StreamPosition> {
  const sql = `SELECT seq FROM (SELECT seq FROM readings ORDER BY seq DESC LIMIT ${lookBack}) AS tail ORDER BY seq`;
  const rows = await selectRows<{ seq: number }>(pool, { sql });
  const holes: SeqRange[] = [];
  const first = rows[0]?.seq ?? 1;
  // Before the first row of all, too, there may be one of a transaction that is still open.
  let before = rows.length < lookBack ? Math.max(0, first - 1 - lookBack) : first - 1;
  for (const { seq } of rows) {
    if (seq > before + 1) holes.push({ from: before + 1, to: seq - 1 });
    before = seq;
  }
  return { seq: rows.at(-1)?.seq ?? 0, holes };
}

interface Between {
  after: number;
  upTo?: number;
  sensors?: readonly string[] | undefined;
  limit: number;
}

/** Readings in the order of their arrival. */
export function listRowsAfter(pool: Pool, { after, upTo, sensors, limit }: Between): Promise<ArrivedRow[]> {
  const sql = `SELECT ${arrivedColumns} FROM readings FORCE INDEX (PRIMARY) WHERE seq > ?
    ${upTo === undefined ? '' : 'AND seq <= ?'} ${sensors ? 'AND sensor_id IN (?)' : ''} ORDER BY seq LIMIT ?`;
  const values = [after, ...(upTo === undefined ? [] : [upTo]), ...(sensors ? [sensors] : []), limit];
  return selectRows<ArrivedRow>(pool, { sql, values });
}

const rangesPerStatement = 500;

/** Readings in these places, in the order of their arrival. */
export async function listRowsIn(pool: Pool, ranges: readonly SeqRange[]): Promise<ArrivedRow[]> {
  const rows: ArrivedRow[] = [];
  for (let start = 0; start < ranges.length; start += rangesPerStatement) {
    const some = ranges.slice(start, start + rangesPerStatement);
    const where = some.map(() => 'seq BETWEEN ? AND ?').join(' OR ');
    const sql = `SELECT ${arrivedColumns} FROM readings FORCE INDEX (PRIMARY) WHERE ${where} ORDER BY seq`;
    rows.push(
      ...(await selectRows<ArrivedRow>(pool, { sql, values: some.flatMap(({ from, to }) => [from, to]) })),
    );
  }
  return rows;
}
