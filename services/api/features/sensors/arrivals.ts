import type { Pool } from 'mysql2/promise';
import { change, retryTransient } from '../../storage/connection.ts';
import { toSqlTimestamp } from '../../storage/sql-values.ts';
import { findNewestTimestamps } from './lateness.ts';

/** What a second without a flush adds to the ledger of one sensor. */
export interface ArrivalCounts {
  replayed: number;
  conflicts: number;
  rejected: number;
  gaps: number;
  firstMs: number | undefined;
  lastMs: number | undefined;
}

/** What cannot be laid to a sensor. */
export const noSensor = '';

const maxSensors = 10_000;

const none: ArrivalCounts = {
  replayed: 0,
  conflicts: 0,
  rejected: 0,
  gaps: 0,
  firstMs: undefined,
  lastMs: undefined,
};

export type Arrivals = ReturnType<typeof createArrivals>;

const sensorsPerStatement = 1000;

/** Assignments see those before them: the gap is judged by the last arrival that is stored. */
const upsertSql = `INSERT INTO ledger_arrivals
  (sensor_id, replayed, conflicts, rejected, gaps, first_seen, last_seen) VALUES ?
  ON DUPLICATE KEY UPDATE
    replayed = replayed + VALUES(replayed), conflicts = conflicts + VALUES(conflicts),
    rejected = rejected + VALUES(rejected),
    gaps = gaps + VALUES(gaps) + COALESCE(VALUES(first_seen) > last_seen + INTERVAL ? MICROSECOND, 0),
    first_seen = LEAST(COALESCE(first_seen, VALUES(first_seen)), COALESCE(VALUES(first_seen), first_seen)),
    last_seen = GREATEST(COALESCE(last_seen, VALUES(last_seen)), COALESCE(VALUES(last_seen), last_seen))`;

/** Counts in memory until they are taken to be written; bounded by the number of sensors. */
export function createArrivals(gapAfterMs: number) {
  let counts = new Map<string, ArrivalCounts>();

  function add(sensorId: string, newer: ArrivalCounts): void {
    const name = counts.has(sensorId) || counts.size < maxSensors ? sensorId : noSensor;
    counts.set(name, merge(counts.get(name), newer, gapAfterMs));
  }

  return {
    /** Something of the sensor was accepted. */
    addArrival(sensorId: string, { atMs, replayed }: { atMs: number; replayed: number }): void {
      add(sensorId, { ...none, replayed, firstMs: atMs, lastMs: atMs });
    },
    addRejection(sensorId: string | undefined, reason: 'conflicts' | 'rejected'): void {
      add(sensorId ?? noSensor, { ...none, [reason]: 1 });
    },
    take(): Map<string, ArrivalCounts> {
      const taken = counts;
      counts = new Map();
      return taken;
    },
    /** What was taken could not be written: it comes before what was counted meanwhile. */
    putBack(taken: ReadonlyMap<string, ArrivalCounts>): void {
      const newer = counts;
      counts = new Map(taken);
      for (const [sensorId, later] of newer) add(sensorId, later);
    },
  };
}

/** Adds counts to the table, in steps of bounded size; `onWritten` hears which are in. All writers lock by name. */
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
      .map(([name, { replayed, conflicts, rejected, gaps, firstMs, lastMs }]) => [
        name,
        replayed,
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
    replayed: older.replayed + newer.replayed,
    conflicts: older.conflicts + newer.conflicts,
    rejected: older.rejected + newer.rejected,
    gaps: older.gaps + newer.gaps + (pauseMs > gapAfterMs ? 1 : 0),
    firstMs: older.firstMs ?? newer.firstMs,
    lastMs: newer.lastMs ?? older.lastMs,
  };
}

/** A name that only refused readings bear is no sensor: anybody could fill the table with such names. */
async function attributeCounts(
  pool: Pool,
  counts: ReadonlyMap<string, ArrivalCounts>,
): Promise<[string, ArrivalCounts][]> {
  const doubtful = [...counts].flatMap(([name, { firstMs }]) =>
    firstMs === undefined && name !== noSensor ? [name] : [],
  );
  const known = await findNewestTimestamps(pool, doubtful);
  const unknown = new Set(doubtful.filter((name) => !known.has(name)));
  return [...counts].map(([name, added]) => [unknown.has(name) ? noSensor : name, added]);
}

function toSqlTime(ms: number | undefined): string | null {
  return ms === undefined ? null : toSqlTimestamp(new Date(ms).toISOString());
}
