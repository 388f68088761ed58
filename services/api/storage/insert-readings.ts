import type { StoredReading } from '@sensor-sentinel/contracts';
import { ApiError } from '../errors.ts';
import { isDuplicate, isTransient } from './database-errors.ts';
import type { CallbackPool } from './pool.ts';
import { type ReadingRow, readingColumns, toStoredReading } from './reading-row.ts';
import { retryTransient } from './retry-transient.ts';
import { rollUp } from './rollup.ts';
import { toRollupStatement } from './rollup-sql.ts';
import { type Statement, selectRows } from './run-query.ts';
import { runTransaction } from './run-transaction.ts';
import { toSqlId, toSqlTimestamp } from './sql-values.ts';

/** A reading that has been scored and waits for its commit. */
export interface ScoredReading {
  reading: StoredReading;
  receivedAt: string;
}

/** By id, what the database holds: the very reading that was handed in, or another that was there before. */
export type Committed = ReadonlyMap<string, StoredReading>;

const maxAttempts = 5;

const insertSql = `INSERT INTO readings
  (id, sensor_id, timestamp, received_at, temperature, humidity, sound_volume, prediction, score, model) VALUES ?`;

function toRow({ reading, receivedAt }: ScoredReading): unknown[] {
  return [
    toSqlId(reading.id),
    reading.sensor_id,
    toSqlTimestamp(reading.timestamp),
    toSqlTimestamp(receivedAt),
    reading.temperature,
    reading.humidity,
    reading.sound_volume,
    reading.prediction,
    reading.score,
    reading.model,
  ];
}

export async function findReadingsByIds(
  pool: CallbackPool,
  ids: readonly string[],
): Promise<StoredReading[]> {
  const sql = `SELECT ${readingColumns} FROM readings WHERE id IN (?)`;
  const rows = await selectRows<ReadingRow>(pool, { sql, values: [ids.map(toSqlId)] });
  return rows.map(toStoredReading);
}

function isConflictOfOthers(error: unknown): boolean {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return isDuplicate(cause) || isTransient(cause);
}

interface InsertOptions {
  /** Whose part of the rollups this process adds to. */
  shard?: number;
  /** What else the commit of these rows changes. */
  toStatements?: (rows: readonly ScoredReading[]) => Promise<Statement[]>;
}

async function toTransaction(
  rows: readonly ScoredReading[],
  { shard = 0, toStatements }: InsertOptions,
): Promise<Statement[]> {
  const { minute, hour } = rollUp(rows);
  return [
    { sql: insertSql, values: [rows.map(toRow)] },
    toRollupStatement('readings_minute', minute, shard),
    toRollupStatement('readings_hour', hour, shard),
    ...((await toStatements?.(rows)) ?? []),
  ];
}

/** Others kept the rows locked through every attempt: that passes. */
function toGivenUp(cause: unknown): unknown {
  if (!isConflictOfOthers(cause)) return cause;
  const detail = 'Other writers held the same readings for too long. Try again with the same ids.';
  return new ApiError('database_unavailable', { detail, headers: { 'Retry-After': '1' }, cause });
}

/**
 * Makes durable what another writer has committed: it may be seen before its log is on the disk, and the log is
 * sequential, so that a commit of our own takes it along.
 */
async function passCommitFence(pool: CallbackPool, shard: number): Promise<void> {
  const statement = { sql: 'UPDATE commit_fence SET passed = passed + 1 WHERE shard = ?', values: [shard] };
  try {
    await retryTransient(() => runTransaction(pool, [statement]));
  } catch (error) {
    throw toGivenUp(error);
  }
}

/**
 * Commits all rows in one INSERT, and what they add to the rollups, as one transaction; rows whose id is already
 * stored are left out and answered with what is stored. Resolves only after the commit.
 */
export async function insertReadings(
  pool: CallbackPool,
  rows: readonly ScoredReading[],
  options: InsertOptions = {},
): Promise<Committed> {
  const pending = new Map(rows.map((row) => [row.reading.id, row]));
  const committed = new Map<string, StoredReading>();
  let isFenced = true;
  for (let attempt = 1; pending.size > 0; attempt++) {
    try {
      await runTransaction(pool, await toTransaction([...pending.values()], options));
      for (const [id, { reading }] of pending) committed.set(id, reading);
      pending.clear();
      isFenced = true;
    } catch (error) {
      if (!isConflictOfOthers(error) || attempt >= maxAttempts) throw toGivenUp(error);
      for (const stored of await findReadingsByIds(pool, [...pending.keys()])) {
        committed.set(stored.id, stored);
        pending.delete(stored.id);
        isFenced = false;
      }
    }
  }
  if (!isFenced) await passCommitFence(pool, options.shard ?? 0);
  return committed;
}
