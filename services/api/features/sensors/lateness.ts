import type { Pool } from 'mysql2/promise';
import { selectRows } from '../../storage/connection.ts';
import { fromSqlTimestamp } from '../../storage/sql-values.ts';
import type { ScoredReading } from '../readings/reading-row.ts';
import { type Lateness, listDeltas } from '../statistics/rollups/deltas.ts';

/** A reading is late if its timestamp is more than this before the newest timestamp of its sensor. */
export const lateAfterMs = 60_000;

const maxCachedSensors = 10_000;

interface NewestTimestamps {
  get: (sensor: number) => number | undefined;
}

/** Counts late rows per sensor. Each row is compared with the newest timestamp before it. */
export function findLateness(rows: readonly ScoredReading[], newest: NewestTimestamps): Lateness[] {
  const bySensor = new Map<number, Lateness>();
  for (const { reading, sensor } of rows) {
    const timestampMs = Date.parse(reading.timestamp);
    const counts = bySensor.get(sensor) ?? { sensor, late: 0, newestMs: newest.get(sensor) ?? timestampMs };
    bySensor.set(sensor, counts);
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
  const newest = new Map<number, CachedTimestamp>();

  function keep(sensor: number, { timestampMs, readMs }: CachedTimestamp): void {
    const known = newest.get(sensor)?.timestampMs ?? timestampMs;
    newest.delete(sensor);
    newest.set(sensor, { timestampMs: Math.max(known, timestampMs), readMs });
    if (newest.size > maxCachedSensors) for (const oldest of newest.keys()) return void newest.delete(oldest);
  }

  return {
    get: (sensor: number) => newest.get(sensor)?.timestampMs,
    /** Updates the cache with a timestamp that this process is about to store. */
    add(sensor: number, timestampMs: number): void {
      keep(sensor, { timestampMs, readMs: newest.get(sensor)?.readMs ?? performance.now() });
    },
    /** Reads the timestamps of sensors whose entry is missing or too old. @throws StorageError */
    async refresh(sensors: Iterable<number>): Promise<void> {
      const nowMs = performance.now();
      const isOld = (sensor: number) => nowMs - (newest.get(sensor)?.readMs ?? -Infinity) >= ageMs;
      for (const [sensor, timestampMs] of await findNewestTimestamps(pool, [...sensors].filter(isOld)))
        keep(sensor, { timestampMs, readMs: nowMs });
    },
  };
}

/**
 * The newest timestamp, in ms since the epoch, of those sensors that have stored readings. Deltas are read first: one that
 * is folded in between is then in both, which does not change a maximum.
 */
export async function findNewestTimestamps(
  pool: Pool,
  sensors: readonly number[],
): Promise<Map<number, number>> {
  const newest = new Map<number, number>();
  if (sensors.length === 0) return newest;
  const wanted = new Set(sensors);
  const deltas = await listDeltas((statement) => selectRows(pool, statement));
  const sql = 'SELECT sensor, newest FROM sensor_states WHERE sensor IN (?)';
  const states = await selectRows<{ sensor: number; newest: string }>(pool, { sql, values: [sensors] });
  for (const { sensor, newest: time } of [...states, ...deltas.flatMap((delta) => delta.sensors)]) {
    if (!wanted.has(sensor) || time === undefined) continue;
    const timestampMs = Date.parse(fromSqlTimestamp(time));
    newest.set(sensor, Math.max(newest.get(sensor) ?? timestampMs, timestampMs));
  }
  return newest;
}
