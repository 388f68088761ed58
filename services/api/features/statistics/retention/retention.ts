import type { Connection, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { retryTransient } from '../../../storage/connection.ts';
import { toSqlTime } from '../../../storage/sql-values.ts';
import { hourMs } from '../window-plan.ts';
import type { RetentionLimits } from './retention-config.ts';

/** One process at a time holds this lock. Hashed, because the name of a lock is limited to 64 characters. */
const lockName = "SHA2(CONCAT('retention ', DATABASE()), 256)";

/**
 * The tables in the order of removal. Feedback is removed after its readings, so that a stored reading never loses it. Extremes
 * name readings, and are removed with them.
 */
const levels = [
  { limit: 'RETENTION_RAW', horizon: 'readings_before', table: 'readings', column: 'timestamp' },
  { limit: 'RETENTION_RAW', horizon: 'readings_before', table: 'anomalies', column: 'timestamp' },
  { limit: 'RETENTION_RAW', horizon: 'readings_before', table: 'feedback', column: 'timestamp' },
  { limit: 'RETENTION_RAW', horizon: 'readings_before', table: 'extremes_minute', column: 'bucket' },
  { limit: 'RETENTION_RAW', horizon: 'readings_before', table: 'extremes_hour', column: 'bucket' },
  { limit: 'RETENTION_RAW', horizon: 'readings_before', table: 'extremes_due', column: 'bucket' },
  { limit: 'RETENTION_MINUTE', horizon: 'minutes_before', table: 'rollups_minute', column: 'bucket' },
  { limit: 'RETENTION_MINUTE', horizon: 'minutes_before', table: 'rollups_ten_minutes', column: 'bucket' },
  { limit: 'RETENTION_HOUR', horizon: 'hours_before', table: 'rollups_hour', column: 'bucket' },
  { limit: 'RETENTION_HOUR', horizon: 'hours_before', table: 'feedback_hour', column: 'bucket' },
] as const;

type Level = (typeof levels)[number];

export interface RetentionOptions {
  limits: RetentionLimits;
  now: Date;
  /** The maximum number of rows of one DELETE, which is a transaction of its own. */
  stepRows: number;
  /** Waits between two DELETEs, so that other transactions can proceed. */
  pause: () => Promise<void>;
}

export type RemovedRows = Record<Level['table'], number>;

/**
 * Removes rows older than their limit, in whole hours. The horizon is committed before the first DELETE: a query that
 * misses removed rows also sees the horizon, and reads a coarser level. Undefined if another process is removing rows.
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
      anomalies: 0,
      feedback: 0,
      extremes_minute: 0,
      extremes_hour: 0,
      extremes_due: 0,
      rollups_minute: 0,
      rollups_ten_minutes: 0,
      rollups_hour: 0,
      feedback_hour: 0,
    };
    for (const level of levels) {
      const keptMs = options.limits[level.limit];
      if (keptMs === undefined) continue;
      const beforeMs = Math.floor((options.now.getTime() - keptMs) / hourMs) * hourMs;
      const before = toSqlTime(beforeMs);
      await moveHorizon(connection, level, before);
      const types = isByType(level) ? await listTypes(connection) : [undefined];
      for (const type of types)
        removed[level.table] += await removeBefore(connection, level, { ...options, before, type });
    }
    return removed;
  } finally {
    await connection.query(`DO RELEASE_LOCK(${lockName})`);
  }
}

/** The indexes of these tables begin with the type. */
function isByType({ table }: Level): boolean {
  return table === 'readings' || table === 'anomalies';
}

async function listTypes(connection: Connection): Promise<number[]> {
  const [rows] = await connection.query<RowDataPacket[]>('SELECT id FROM sensor_types');
  return rows.map(({ id }) => id);
}

async function moveHorizon(connection: Connection, { horizon }: Level, before: string): Promise<void> {
  const sql = `UPDATE retention_horizons SET ${horizon} = ? WHERE ${horizon} IS NULL OR ${horizon} < ?`;
  await connection.query(sql, [before, before]);
}

async function removeBefore(
  connection: Connection,
  level: Level,
  { before, type, stepRows, pause }: RetentionOptions & { before: string; type: number | undefined },
): Promise<number> {
  let from = '1000-01-01';
  let removed = 0;
  for (;;) {
    const step = { type, from, before, rows: stepRows };
    const last = await findStepEnd(connection, level, step);
    const rows = await deleteStep(connection, level, step);
    removed += rows;
    if (last === undefined || rows === 0) return removed;
    from = last;
    await pause();
  }
}

interface Step {
  /** The key of a type; undefined: the rows of all types. */
  type: number | undefined;
  /** Rows before this are removed. Skips index entries of deleted rows that are not purged yet. */
  from: string;
  before: string;
  rows: number;
}

/** The time of the last row of this step; undefined if fewer rows are left than a step removes. */
async function findStepEnd(
  connection: Connection,
  { table, column }: Level,
  step: Step,
): Promise<string | undefined> {
  const where = toStepCondition(column, step);
  const sql = `SELECT ${column} AS last FROM ${table} WHERE ${where.sql} ORDER BY ${column} LIMIT 1 OFFSET ?`;
  const [[row]] = await connection.query<RowDataPacket[]>(sql, [...where.values, step.rows - 1]);
  return row?.last;
}

function toStepCondition(column: Level['column'], { type, from, before }: Step) {
  const range = { sql: `${column} >= ? AND ${column} < ?`, values: [from, before] };
  return type === undefined ? range : { sql: `type = ? AND ${range.sql}`, values: [type, ...range.values] };
}

async function deleteStep(connection: Connection, { table, column }: Level, step: Step): Promise<number> {
  const where = toStepCondition(column, step);
  const sql = `DELETE FROM ${table} WHERE ${where.sql} ORDER BY ${column} LIMIT ?`;
  const values = [...where.values, step.rows];
  const [{ affectedRows }] = await retryTransient(
    () => connection.query<ResultSetHeader>(sql, values),
    Number.POSITIVE_INFINITY,
  );
  return affectedRows;
}
