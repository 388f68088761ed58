import type { Pool } from 'mysql2/promise';
import { change, retryTransient } from '../../storage/connection.ts';
import { toSqlTimestamp } from '../../storage/sql-values.ts';
import { findNewestTimestamps } from './lateness.ts';

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

/** The column `replayed` has the duplicates. Assignments run in order, so `gaps` still sees the stored `last_seen`. */
const upsertSql = `INSERT INTO ledger_arrivals
  (sensor_id, replayed, conflicts, rejected, gaps, first_seen, last_seen) VALUES ?
  ON DUPLICATE KEY UPDATE
    replayed = replayed + VALUES(replayed), conflicts = conflicts + VALUES(conflicts),
    rejected = rejected + VALUES(rejected),
    gaps = gaps + VALUES(gaps) + COALESCE(VALUES(first_seen) > last_seen + INTERVAL ? MICROSECOND, 0),
    first_seen = LEAST(COALESCE(first_seen, VALUES(first_seen)), COALESCE(VALUES(first_seen), first_seen)),
    last_seen = GREATEST(COALESCE(last_seen, VALUES(last_seen)), COALESCE(VALUES(last_seen), last_seen))`;

/** Counts arrivals in memory until the next flush. Beyond 10,000 sensors, counts are not attributed to a sensor. */
export function createArrivals(gapAfterMs: number) {
  let counts = new Map<string, ArrivalCounts>();

  function add(sensorId: string, newer: ArrivalCounts): void {
    const name = counts.has(sensorId) || counts.size < maxSensors ? sensorId : noSensor;
    counts.set(name, merge(counts.get(name), newer, gapAfterMs));
  }

  return {
    /** Counts an accepted reading; `duplicates` is 1 for a duplicate. */
    addArrival(sensorId: string, { atMs, duplicates }: { atMs: number; duplicates: number }): void {
      add(sensorId, { ...none, duplicates, firstMs: atMs, lastMs: atMs });
    },
    /** Counts a reading that was not stored. */
    addRejection(sensorId: string | undefined, reason: 'conflicts' | 'rejected'): void {
      add(sensorId ?? noSensor, { ...none, [reason]: 1 });
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
      for (const [sensorId, later] of newer) add(sensorId, later);
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
  { gapAfterMs, onWritten }: { gapAfterMs: number; onWritten: (sensorIds: readonly string[]) => void },
): Promise<void> {
  const counts = new Map([...unsorted].sort(([a], [b]) => (a < b ? -1 : 1)));
  const attributed = await attributeCounts(pool, counts);
  const names = [...counts.keys()];
  for (let start = 0; start < attributed.length; start += sensorsPerStatement) {
    const rows = attributed
      .slice(start, start + sensorsPerStatement)
      .map(([name, { duplicates, conflicts, rejected, gaps, firstMs, lastMs }]) => [
        name,
        duplicates,
        conflicts,
        rejected,
        gaps,
        toSqlTime(firstMs),
        toSqlTime(lastMs),
      ]);
    await retryTransient(() => change(pool, { sql: upsertSql, values: [rows, gapAfterMs * 1000] }));
    onWritten(names.slice(start, start + sensorsPerStatement));
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

/** Moves the counts of names without a stored reading to `noSensor`: invalid readings must not fill the table with names. */
async function attributeCounts(
  pool: Pool,
  counts: ReadonlyMap<string, ArrivalCounts>,
): Promise<[string, ArrivalCounts][]> {
  const uncertain = [...counts].flatMap(([name, { firstMs }]) =>
    firstMs === undefined && name !== noSensor ? [name] : [],
  );
  const known = await findNewestTimestamps(pool, uncertain);
  const unknown = new Set(uncertain.filter((name) => !known.has(name)));
  return [...counts].map(([name, added]) => [unknown.has(name) ? noSensor : name, added]);
}

function toSqlTime(ms: number | undefined): string | null {
  return ms === undefined ? null : toSqlTimestamp(new Date(ms).toISOString());
}
