import type { Pool } from 'mysql2/promise';
import { change, retryTransient } from '../../storage/connection.ts';
import { allSensors, findSensorKeys, fromSensorName } from '../../storage/keys.ts';
import { toSqlTime } from '../../storage/sql-values.ts';

/** Counts of one sensor since the last flush; `firstMs` and `lastMs` are its first and last arrival. */
export interface ArrivalCounts {
  duplicates: number;
  conflicts: number;
  rejected: number;
  gaps: number;
  firstMs: number | undefined;
  lastMs: number | undefined;
}

/** The name under which readings are counted that are not attributable to a sensor. */
const noSensor = '';

const maxSensors = 10_000;

const none: ArrivalCounts = {
  duplicates: 0,
  conflicts: 0,
  rejected: 0,
  gaps: 0,
  firstMs: undefined,
  lastMs: undefined,
};

const sensorsPerStatement = 1000;

/** Assignments run in order, so `gaps` still sees the stored `last_seen`. */
const upsertSql = `INSERT INTO sensor_arrivals
  (sensor, duplicates, conflicts, rejected, gaps, first_seen, last_seen) VALUES ?
  ON DUPLICATE KEY UPDATE
    duplicates = duplicates + VALUES(duplicates), conflicts = conflicts + VALUES(conflicts),
    rejected = rejected + VALUES(rejected),
    gaps = gaps + VALUES(gaps) + COALESCE(VALUES(first_seen) > last_seen + INTERVAL ? MICROSECOND, 0),
    first_seen = LEAST(COALESCE(first_seen, VALUES(first_seen)), COALESCE(VALUES(first_seen), first_seen)),
    last_seen = GREATEST(COALESCE(last_seen, VALUES(last_seen)), COALESCE(VALUES(last_seen), last_seen))`;

/** Counts arrivals by `toSensorName` in memory until the next flush. Beyond 10,000 sensors, counts are not attributed to a sensor. */
export function createArrivals(gapAfterMs: number) {
  let counts = new Map<string, ArrivalCounts>();

  function add(sensor: string, newer: ArrivalCounts): void {
    const name = counts.has(sensor) || counts.size < maxSensors ? sensor : noSensor;
    counts.set(name, merge(counts.get(name), newer, gapAfterMs));
  }

  return {
    /** Counts an accepted reading; `duplicates` is 1 for a duplicate. */
    addArrival(sensor: string, { atMs, duplicates }: { atMs: number; duplicates: number }): void {
      add(sensor, { ...none, duplicates, firstMs: atMs, lastMs: atMs });
    },
    /** Counts a reading that was not stored. */
    addRejection(sensor: string | undefined, reason: 'conflicts' | 'rejected'): void {
      add(sensor ?? noSensor, { ...none, [reason]: 1 });
    },
    /** Returns all counts and starts again from zero. */
    take(): Map<string, ArrivalCounts> {
      const taken = counts;
      counts = new Map();
      return taken;
    },
    /** Restores counts that could not be written, as older than the current ones. */
    putBack(taken: ReadonlyMap<string, ArrivalCounts>): void {
      const newer = counts;
      counts = new Map(taken);
      for (const [sensor, later] of newer) add(sensor, later);
    },
  };
}

/**
 * Adds counts to the ledger in statements of bounded size, and calls `onWritten` after each one. Rows are locked in the
 * order of their names, so that concurrent writers do not deadlock.
 * @throws StorageError
 */
export async function writeArrivals(
  pool: Pool,
  unsorted: ReadonlyMap<string, ArrivalCounts>,
  { gapAfterMs, onWritten }: { gapAfterMs: number; onWritten: (sensors: readonly string[]) => void },
): Promise<void> {
  const counts = await attributeCounts(pool, unsorted);
  for (let start = 0; start < counts.length; start += sensorsPerStatement) {
    const some = counts.slice(start, start + sensorsPerStatement);
    const rows = some.map(({ sensor, added }) => {
      const { duplicates, conflicts, rejected, gaps, firstMs, lastMs } = added;
      return [sensor, duplicates, conflicts, rejected, gaps, toNullable(firstMs), toNullable(lastMs)];
    });
    await retryTransient(() => change(pool, { sql: upsertSql, values: [rows, gapAfterMs * 1000] }));
    onWritten(some.map(({ name }) => name));
  }
}

function merge(older: ArrivalCounts | undefined, newer: ArrivalCounts, gapAfterMs: number): ArrivalCounts {
  if (!older) return newer;
  const pauseMs = (newer.firstMs ?? 0) - (older.lastMs ?? newer.firstMs ?? 0);
  return {
    duplicates: older.duplicates + newer.duplicates,
    conflicts: older.conflicts + newer.conflicts,
    rejected: older.rejected + newer.rejected,
    gaps: older.gaps + newer.gaps + (pauseMs > gapAfterMs ? 1 : 0),
    firstMs: older.firstMs ?? newer.firstMs,
    lastMs: newer.lastMs ?? older.lastMs,
  };
}

interface SensorCounts {
  name: string;
  sensor: number;
  added: ArrivalCounts;
}

/**
 * The counts by the key of the sensor, in its order. Those of names without a stored reading have the key `allSensors`:
 * invalid readings must not fill the table with names.
 */
async function attributeCounts(
  pool: Pool,
  counts: ReadonlyMap<string, ArrivalCounts>,
): Promise<SensorCounts[]> {
  const names = [...counts.keys()].filter((name) => name !== noSensor);
  const keys = await findSensorKeys(pool, names.map(fromSensorName));
  return [...counts]
    .map(([name, added]) => ({ name, sensor: keys.get(name) ?? allSensors, added }))
    .sort((a, b) => a.sensor - b.sensor);
}

function toNullable(timeMs: number | undefined): string | null {
  return timeMs === undefined ? null : toSqlTime(timeMs);
}
