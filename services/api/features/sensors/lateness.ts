import type { Pool } from 'mysql2/promise';
import { selectRows } from '../../storage/connection.ts';
import { findKeys } from '../../storage/keys.ts';
import { fromSqlTimestamp } from '../../storage/sql-values.ts';
import type { ScoredReading } from '../readings/reading-row.ts';
import { type Lateness, listDeltas } from '../statistics/rollups/deltas.ts';

/** A reading is late if its timestamp is more than this before the newest timestamp of its sensor. */
export const lateAfterMs = 60_000;

const maxCachedSensors = 10_000;
interface NewestTimestamps {
  get: (sensorId: string) => number | undefined;
}

/** Counts late rows per sensor. Each row is compared with the newest timestamp before it. */
export function findLateness(rows: readonly ScoredReading[], newest: NewestTimestamps): Lateness[] {
  const bySensor = new Map<string, Lateness>();
  for (const { reading } of rows) {
    const sensorId = reading.sensor_id;
    const timestampMs = Date.parse(reading.timestamp);
    const counts = bySensor.get(sensorId) ?? {
      sensorId,
      late: 0,
      newestMs: newest.get(sensorId) ?? timestampMs,
    };
    bySensor.set(sensorId, counts);
    if (timestampMs < counts.newestMs - lateAfterMs) counts.late += 1;
    counts.newestMs = Math.max(counts.newestMs, timestampMs);
  }
  return [...bySensor.values()];
}

interface CachedTimestamp {
  timestampMs: number;
  /** When it was read from the database, by a monotonic clock. */
  readMs: number;
}

/** Caches the newest timestamp of each sensor for `ageMs`, including readings that other replicas have stored. */
export function createNewestTimestamps(pool: Pool, ageMs: number) {
  const newest = new Map<string, CachedTimestamp>();

  function keep(sensorId: string, { timestampMs, readMs }: CachedTimestamp): void {
    const known = newest.get(sensorId)?.timestampMs ?? timestampMs;
    newest.delete(sensorId);
    newest.set(sensorId, { timestampMs: Math.max(known, timestampMs), readMs });
    if (newest.size > maxCachedSensors) for (const oldest of newest.keys()) return void newest.delete(oldest);
  }

  return {
    get: (sensorId: string) => newest.get(sensorId)?.timestampMs,
    /** Updates the cache with a timestamp that this process is about to store. */
    add(sensorId: string, timestampMs: number): void {
      keep(sensorId, { timestampMs, readMs: newest.get(sensorId)?.readMs ?? performance.now() });
    },
    /** Reads the timestamps of sensors whose entry is missing or too old. @throws StorageError */
    async refresh(sensorIds: Iterable<string>): Promise<void> {
      const nowMs = performance.now();
      const isOld = (sensorId: string) => nowMs - (newest.get(sensorId)?.readMs ?? -Infinity) >= ageMs;
      for (const [sensorId, timestampMs] of await findNewestTimestamps(pool, [...sensorIds].filter(isOld)))
        keep(sensorId, { timestampMs, readMs: nowMs });
    },
  };
}

/**
 * The newest timestamp, in ms since the epoch, of those sensors that have stored readings. Deltas are read first: one that
 * is folded in between is then in both, which does not change a maximum.
 */
export async function findNewestTimestamps(
  pool: Pool,
  sensorIds: readonly string[],
): Promise<Map<string, number>> {
  const newest = new Map<string, number>();
  const keys = await findKeys(pool, 'sensors', sensorIds);
  if (keys.size === 0) return newest;
  const deltas = await listDeltas((statement) => selectRows(pool, statement));
  const sql = 'SELECT sensor, newest FROM sensor_states WHERE sensor IN (?)';
  const states = await selectRows<{ sensor: number; newest: string }>(pool, {
    sql,
    values: [[...keys.values()]],
  });
  const names = new Map([...keys].map(([name, key]) => [key, name]));
  for (const row of [...states, ...deltas.flatMap(({ sensors }) => sensors)]) {
    const name = names.get(row.sensor);
    if (name === undefined) continue;
    const timestampMs = Date.parse(fromSqlTimestamp(row.newest));
    newest.set(name, Math.max(newest.get(name) ?? timestampMs, timestampMs));
  }
  return newest;
}
