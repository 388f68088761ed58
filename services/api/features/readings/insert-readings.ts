import type { StoredReading } from '@sensor-sentinel/contracts';
import mysql from 'mysql2';
import type { Pool } from 'mysql2/promise';
import type { Statement } from '../../storage/connection.ts';
import { retryTransient, runTransaction } from '../../storage/connection.ts';
import { isDuplicate, isTransient, StorageError } from '../../storage/database-errors.ts';
import { toHexId, toSqlTimestamp } from '../../storage/sql-values.ts';
import { findLateness, type Lateness } from '../sensors/lateness.ts';
import { rollUpMinutes } from '../statistics/rollups/rollup.ts';
import { toDeltaStatement } from '../statistics/rollups/rollup-sql.ts';
import { findReadingsByIds } from './find-readings.ts';
import type { ScoredReading } from './reading-row.ts';

/** The stored readings by id: the submitted object itself, or a different one if the id was stored before. */
export type Committed = ReadonlyMap<string, StoredReading>;

const maxAttempts = 5;

const insertSql = `INSERT INTO readings
  (id, sensor_id, timestamp, received_at, temperature, humidity, sound_volume, prediction, score, model) VALUES `;

const noTimestamps = { get: () => undefined };

interface InsertOptions {
  /** The row of `commit_fence` that this process updates. */
  shard?: number;
  findLateness?: (rows: readonly ScoredReading[]) => Promise<Lateness[]>;
}

/**
 * Inserts all rows and their rollup deltas in one transaction. Rows whose id is already stored are skipped, and the
 * stored readings returned instead. Resolves after the commit.
 * @throws StorageError
 */
export async function insertReadings(
  pool: Pool,
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
      if (!isWriteConflict(error) || attempt >= maxAttempts) throw toGivenUp(error);
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

async function toTransaction(rows: readonly ScoredReading[], options: InsertOptions): Promise<Statement[]> {
  const lateness = (await options.findLateness?.(rows)) ?? findLateness(rows, noTimestamps);
  return [{ sql: insertSql + rows.map(toValues).join() }, toDeltaStatement(rollUpMinutes(rows), lateness)];
}

/** Formats a row as SQL text, which is much faster than placeholders. The contract ensures that numbers are finite. */
function toValues({ reading, receivedAt }: ScoredReading): string {
  const { temperature, humidity, sound_volume, prediction, score } = reading;
  const [sensor, model] = [mysql.escape(reading.sensor_id), mysql.escape(reading.model)];
  const [timestamp, received] = [toSqlTimestamp(reading.timestamp), toSqlTimestamp(receivedAt)];
  return `(${toHexId(reading.id)},${sensor},'${timestamp}','${received}',${temperature},${humidity},${sound_volume},${prediction},${score},${model})`;
}

function isWriteConflict(error: unknown): boolean {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return isDuplicate(cause) || isTransient(cause);
}

/** Maps a write conflict that persists through all attempts to a StorageError, since retrying later may succeed. */
function toGivenUp(cause: unknown): unknown {
  if (!isWriteConflict(cause)) return cause;
  const detail = 'Other requests have locked the same readings for too long. Try again with the same ids.';
  return new StorageError('database_unavailable', detail, cause);
}

/**
 * Ensures that rows committed by other writers are durable. Such a row is visible before its log is on disk; as the log
 * is sequential, a further commit flushes it.
 */
async function passCommitFence(pool: Pool, shard: number): Promise<void> {
  const statement = { sql: 'UPDATE commit_fence SET passed = passed + 1 WHERE shard = ?', values: [shard] };
  try {
    await retryTransient(() => runTransaction(pool, [statement]));
  } catch (error) {
    throw toGivenUp(error);
  }
}
