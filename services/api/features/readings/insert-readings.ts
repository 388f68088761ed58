import type { Pool } from 'mysql2/promise';
import type { Statement } from '../../storage/connection.ts';
import { retryTransient, runTransaction } from '../../storage/connection.ts';
import { isDuplicate, isTransient, StorageError } from '../../storage/database-errors.ts';
import type { StorageKeys } from '../../storage/keys.ts';
import { toHexId, toSqlTimestamp } from '../../storage/sql-values.ts';
import { findLateness } from '../sensors/lateness.ts';
import type { Ledger } from '../sensors/ledger.ts';
import { type Lateness, toDeltaStatement } from '../statistics/rollups/deltas.ts';
import type { Stream } from '../stream/create-stream.ts';
import type { OwnArrivals } from '../stream/own-arrivals.ts';
import type { TypeRegistry } from '../types/type-registry.ts';
import { findReadingsByIds } from './find-readings.ts';
import { formatValues, type Reading, type ScoredReading } from './reading-row.ts';

/** The stored readings by id: the submitted object itself, or a different one if the id was stored before. */
export type Committed = ReadonlyMap<string, Reading>;

const maxAttempts = 5;

/** The rows of `commit_fence`. Each process updates one of its own, so that processes do not wait for each other. */
export const fenceShards = 8;

const insertSql = `INSERT INTO readings
  (id, type, sensor, timestamp, received_at, features, prediction, score, model) VALUES `;
const insertAnomaliesSql = 'INSERT INTO anomalies (seq, type, sensor, timestamp, score) VALUES ';

const noTimestamps = { get: () => undefined };

interface InsertOptions {
  types: TypeRegistry;
  models: StorageKeys['models'];
  /** The row of `commit_fence` that this process updates. */
  fenceShard?: number;
  findLateness?: (rows: readonly ScoredReading[]) => Promise<Lateness[]>;
  ownArrivals?: Pick<OwnArrivals, 'add'>;
}

interface CommitOptions {
  /** For transactions. */
  pool: Pool;
  types: TypeRegistry;
  models: StorageKeys['models'];
  fenceShard: number;
  ledger: Pick<Ledger, 'findLateness'>;
  stream: Pick<Stream, 'wake'>;
  ownArrivals: OwnArrivals;
}

export type Commit = ReturnType<typeof createCommit>;

/** Commits the rows of a group, and lets the event stream look for them. */
export function createCommit({ pool, stream, ledger, ...options }: CommitOptions) {
  return async (rows: readonly ScoredReading[]): Promise<Committed> => {
    const { findLateness } = ledger;
    const committed = await insertReadings(pool, rows, { ...options, findLateness });
    stream.wake();
    return committed;
  };
}

/**
 * Inserts all rows and their rollup deltas in one transaction. Rows whose id is already stored are skipped, and the
 * stored readings returned instead. Resolves after the commit.
 * @throws StorageError
 */
export async function insertReadings(
  pool: Pool,
  rows: readonly ScoredReading[],
  options: InsertOptions,
): Promise<Committed> {
  const pending = new Map(rows.map((row) => [row.reading.id, row]));
  const committed = new Map<string, Reading>();
  let isFenced = true;
  for (let attempt = 1; pending.size > 0; attempt++) {
    try {
      const stored = [...pending.values()];
      const [inserted] = await runTransaction(pool, await toTransaction(stored, options));
      if (inserted) options.ownArrivals?.add(inserted.insertId, stored);
      for (const [id, { reading }] of pending) committed.set(id, reading);
      pending.clear();
      isFenced = true;
    } catch (error) {
      if (!isWriteConflict(error) || attempt >= maxAttempts) throw toGivenUp(error);
      for (const stored of await findReadingsByIds(pool, options.types, [...pending.keys()])) {
        committed.set(stored.id, stored);
        pending.delete(stored.id);
        isFenced = false;
      }
    }
  }
  if (!isFenced) await passCommitFence(pool, options.fenceShard ?? 0);
  return committed;
}

async function toTransaction(
  rows: readonly ScoredReading[],
  { models, findLateness: find }: InsertOptions,
): Promise<Statement[]> {
  await models.learn(new Set(rows.flatMap(({ reading }) => reading.model ?? [])));
  const lateness = (await find?.(rows)) ?? findLateness(rows, noTimestamps);
  const anomalies = rows.flatMap((row, index) =>
    row.reading.prediction === 1 ? [toAnomaly(row, index)] : [],
  );
  return [
    { sql: insertSql + rows.map((row) => toRow(row, models)).join() },
    ...(anomalies.length > 0 ? [{ sql: insertAnomaliesSql + anomalies.join() }] : []),
    toDeltaStatement(rows, lateness),
  ];
}

/** Formats a row as SQL text, which is much faster than placeholders. The contract ensures that numbers are finite. */
function toRow({ reading, sensor, receivedAt }: ScoredReading, models: StorageKeys['models']): string {
  const { type, values, prediction, score } = reading;
  const [timestamp, received] = [toSqlTimestamp(reading.timestamp), toSqlTimestamp(receivedAt)];
  const model = reading.model === null ? null : requireKey(models, reading.model);
  return `(${toHexId(reading.id)},${type.id},${sensor},'${timestamp}','${received}','${formatValues(values)}',${prediction},${score},${model})`;
}

function requireKey(models: StorageKeys['models'], name: string): number {
  const key = models.known(name);
  if (key === undefined) throw new Error(`the model has no key: ${name}`);
  return key;
}

/** The server numbers the rows of one INSERT consecutively, from LAST_INSERT_ID() on. */
function toAnomaly({ reading, sensor }: ScoredReading, index: number): string {
  const { type, timestamp, score } = reading;
  return `(LAST_INSERT_ID()+${index}*@@auto_increment_increment,${type.id},${sensor},'${toSqlTimestamp(timestamp)}',${score})`;
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
async function passCommitFence(pool: Pool, fenceShard: number): Promise<void> {
  const statement = {
    sql: 'UPDATE commit_fence SET passed = passed + 1 WHERE shard = ?',
    values: [fenceShard],
  };
  try {
    await retryTransient(() => runTransaction(pool, [statement]));
  } catch (error) {
    throw toGivenUp(error);
  }
}
