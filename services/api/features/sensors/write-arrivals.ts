import type { Pool } from 'mysql2/promise';
import { change, retryTransient, selectRows } from '../../storage/connection.ts';
import { toSqlTimestamp } from '../../storage/sql-values.ts';
import { type ArrivalCounts, noSensor } from './arrivals.ts';

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

/** The newest timestamp of each of these sensors of which anything is stored. */
export async function findNewest(pool: Pool, sensorIds: readonly string[]): Promise<Map<string, number>> {
  const newest = new Map<string, number>();
  for (let start = 0; start < sensorIds.length; start += sensorsPerStatement) {
    const sql = `SELECT sensor_id, MAX(newest) AS newest FROM
      (SELECT sensor_id, newest FROM ledger_stored WHERE sensor_id IN (?)
      UNION ALL SELECT sensor_id, newest FROM rollup_deltas WHERE sensor_id IN (?)) AS parts GROUP BY sensor_id`;
    const asked = sensorIds.slice(start, start + sensorsPerStatement);
    const values = [asked, asked];
    const rows = await selectRows<{ sensor_id: string; newest: string }>(pool, { sql, values });
    for (const row of rows) newest.set(row.sensor_id, Date.parse(`${row.newest.replace(' ', 'T')}Z`));
  }
  return newest;
}

/** Adds counts to the table, in steps of bounded size; `onWritten` hears which are in. All writers lock by name. */
export async function writeArrivals(
  pool: Pool,
  unsorted: ReadonlyMap<string, ArrivalCounts>,
  { gapAfterMs, onWritten }: { gapAfterMs: number; onWritten: (sensorIds: readonly string[]) => void },
): Promise<void> {
  const counts = new Map([...unsorted].sort(([a], [b]) => (a < b ? -1 : 1)));
  const attributed = await dropUnknown(pool, counts);
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

/** A name that only refused readings bear is no sensor: anybody could fill the table with such names. */
async function dropUnknown(
  pool: Pool,
  counts: ReadonlyMap<string, ArrivalCounts>,
): Promise<[string, ArrivalCounts][]> {
  const doubtful = [...counts].flatMap(([name, { firstMs }]) =>
    firstMs === undefined && name !== noSensor ? [name] : [],
  );
  const known = await findNewest(pool, doubtful);
  const unknown = new Set(doubtful.filter((name) => !known.has(name)));
  return [...counts].map(([name, added]) => [unknown.has(name) ? noSensor : name, added]);
}

function toSqlTime(ms: number | undefined): string | null {
  return ms === undefined ? null : toSqlTimestamp(new Date(ms).toISOString());
}
