import type { Connection, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { retryTransient } from '../../../storage/connection.ts';
import { toSqlTimestamp } from '../../../storage/sql-values.ts';
import type { RetentionLimits } from './retention-config.ts';

const hourMs = 3_600_000;

/** The name of the lock that one process at a time holds: as long as a name may be, whatever the database is called. */
const lockName = "SHA2(CONCAT('retention ', DATABASE()), 256)";

/**
 * Each table: how long it is kept, where it says up to where it was removed, and its column of time. Truths go after
 * their readings: who finds a reading may rely on its truth's being there, if there was one.
 */
const levels = [
  { limit: 'RETENTION_RAW', horizon: 'readings_before', table: 'readings', column: 'timestamp' },
  { limit: 'RETENTION_RAW', horizon: 'readings_before', table: 'truths', column: 'timestamp' },
  { limit: 'RETENTION_MINUTE', horizon: 'minutes_before', table: 'readings_minute', column: 'bucket' },
  { limit: 'RETENTION_HOUR', horizon: 'hours_before', table: 'readings_hour', column: 'bucket' },
  { limit: 'RETENTION_HOUR', horizon: 'hours_before', table: 'truths_hour', column: 'bucket' },
] as const;

type Level = (typeof levels)[number];

export interface RetentionOptions {
  limits: RetentionLimits;
  now: Date;
  /** Rows of one DELETE, which is one short transaction. */
  stepRows: number;
  /** Waits between two of them, so that others have their turn. */
  pause: () => Promise<void>;
}

export type RemovedRows = Record<Level['table'], number>;

/** The last time among the next rows to remove; undefined when one step takes all that is left. */
async function findStepEnd(
  connection: Connection,
  { table, column }: Level,
  step: Step,
): Promise<string | undefined> {
  const sql = `SELECT ${column} AS last FROM ${table} WHERE ${column} >= ? AND ${column} < ?
    ORDER BY ${column} LIMIT 1 OFFSET ?`;
  const [[row]] = await connection.query<RowDataPacket[]>(sql, [step.from, step.before, step.rows - 1]);
  return row?.last;
}

interface Step {
  /** Nothing is left before this, so that what was just deleted is not looked through again. */
  from: string;
  before: string;
  rows: number;
}

async function deleteStep(connection: Connection, { table, column }: Level, step: Step): Promise<number> {
  const sql = `DELETE FROM ${table} WHERE ${column} >= ? AND ${column} < ? ORDER BY ${column} LIMIT ?`;
  const values = [step.from, step.before, step.rows];
  const [{ affectedRows }] = await retryTransient(
    () => connection.query<ResultSetHeader>(sql, values),
    Number.POSITIVE_INFINITY,
  );
  return affectedRows;
}

async function removeBefore(
  connection: Connection,
  level: Level,
  { before, stepRows, pause }: RetentionOptions & { before: string },
): Promise<number> {
  let from = '1000-01-01';
  let removed = 0;
  for (;;) {
    const step = { from, before, rows: stepRows };
    const last = await findStepEnd(connection, level, step);
    const rows = await deleteStep(connection, level, step);
    removed += rows;
    if (last === undefined || rows === 0) return removed;
    from = last;
    await pause();
  }
}

async function moveHorizon(connection: Connection, { horizon }: Level, before: string): Promise<void> {
  const sql = `UPDATE retention_horizons SET ${horizon} = ? WHERE ${horizon} IS NULL OR ${horizon} < ?`;
  await connection.query(sql, [before, before]);
}

/**
 * Removes what is older than its limit, whole hours only. The horizon is committed before the first DELETE: a reader
 * that sees the gap sees the horizon too, and takes the next coarser level. Undefined while another process does it.
 */
export async function removeExpired(
  connection: Connection,
  options: RetentionOptions,
): Promise<RemovedRows | undefined> {
  const [[held]] = await connection.query<RowDataPacket[]>(`SELECT GET_LOCK(${lockName}, 0) AS held`);
  if (held?.held !== 1) return undefined;
  try {
    await connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
    const removed: RemovedRows = {
      readings: 0,
      truths: 0,
      readings_minute: 0,
      readings_hour: 0,
      truths_hour: 0,
    };
    for (const level of levels) {
      const keptMs = options.limits[level.limit];
      if (keptMs === undefined) continue;
      const beforeMs = Math.floor((options.now.getTime() - keptMs) / hourMs) * hourMs;
      const before = toSqlTimestamp(new Date(beforeMs).toISOString());
      await moveHorizon(connection, level, before);
      removed[level.table] = await removeBefore(connection, level, { ...options, before });
    }
    return removed;
  } finally {
    await connection.query(`DO RELEASE_LOCK(${lockName})`);
  }
}
