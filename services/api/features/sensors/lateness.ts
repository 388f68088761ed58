import type { Pool } from 'mysql2/promise';
import { selectRows } from '../../storage/connection.ts';
import type { ScoredReading } from '../readings/reading-row.ts';

/** A reading is late if its timestamp is more than this before the newest timestamp of its sensor. */
export const lateAfterMs = 60_000;

const maxCachedSensors = 10_000;
const sensorsPerStatement = 1000;

/** The number of late rows of one sensor in a commit, and the sensor's newest timestamp after the commit. */
export interface Lateness {
  sensorId: string;
  late: number;
  newestMs: number;
}

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

/** The newest timestamp, in ms since the epoch, of those sensors that have stored readings. */
export async function findNewestTimestamps(
  pool: Pool,
  sensorIds: readonly string[],
): Promise<Map<string, number>> {
  const newest = new Map<string, number>();
  for (let start = 0; start < sensorIds.length; start += sensorsPerStatement) {
    const sql = `SELECT sensor_id, MAX(newest) AS newest FROM
      (SELECT sensor_id, newest FROM ledger_stored WHERE sensor_id IN (?)
      UNION ALL SELECT sensor_id, newest FROM rollup_deltas WHERE sensor_id IN (?)) AS parts GROUP BY sensor_id`;
    const names = sensorIds.slice(start, start + sensorsPerStatement);
    const values = [names, names];
    const rows = await selectRows<{ sensor_id: string; newest: string }>(pool, { sql, values });
    for (const row of rows) newest.set(row.sensor_id, Date.parse(`${row.newest.replace(' ', 'T')}Z`));
  }
  return newest;
}
