import type { StoredReading } from '@sensor-sentinel/contracts';
import { isDuplicate, isTransient } from './database-errors.ts';
import type { CallbackPool } from './pool.ts';
import { type ReadingRow, readingColumns, toStoredReading } from './reading-row.ts';
import { runQuery, selectRows } from './run-query.ts';
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

/**
 * Commits all rows in one INSERT, which is one transaction; rows whose id is already stored are
 * left out and answered with what is stored. Resolves only after the commit.
 */
export async function insertReadings(pool: CallbackPool, rows: readonly ScoredReading[]): Promise<Committed> {
  const pending = new Map(rows.map((row) => [row.reading.id, row]));
  const committed = new Map<string, StoredReading>();
  for (let attempt = 1; pending.size > 0; attempt++) {
    try {
      await runQuery(pool, { sql: insertSql, values: [[...pending.values()].map(toRow)] });
      for (const [id, { reading }] of pending) committed.set(id, reading);
      pending.clear();
    } catch (error) {
      if (!isConflictOfOthers(error) || attempt >= maxAttempts) throw error;
      for (const stored of await findReadingsByIds(pool, [...pending.keys()])) {
        committed.set(stored.id, stored);
        pending.delete(stored.id);
      }
    }
  }
  return committed;
}
