import type { Episode } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { selectRows } from '../../storage/connection.ts';
import { fromSqlTimestamp } from '../../storage/sql-values.ts';
import { type Anomaly, afterPlace, beforePlace, type Place } from './scan-anomalies.ts';
import { selectBranches } from './select-branches.ts';

/** Anomalies of one sensor without a normal reading between them, newest first. */
export interface Run {
  /** The key of the sensor. */
  sensor: number;
  anomalies: [Anomaly, ...Anomaly[]];
  /** The normal readings next to the run; undefined if there is none, or it has not been looked for. */
  before: Place | undefined;
  after: Place | undefined;
  /** Whether it is the oldest or newest run of its sensor in the scan, and may continue beyond the scan. */
  isOldest: boolean;
  isNewest: boolean;
}

/** Splits the anomalies of a scan into runs, in the order of their newest anomalies. */
export async function findRuns(pool: Pool, scanned: readonly Anomaly[]): Promise<Run[]> {
  const bySensor = groupBySensor(scanned);
  const between = await findNormalBetween(pool, bySensor.flatMap(toPairs));
  const indexes = new Map(scanned.map(({ seq }, index) => [seq, index]));
  const indexOf = ({ anomalies }: Run) => indexes.get(anomalies[0].seq) ?? 0;
  const runs = bySensor.flatMap((anomalies) => toRuns(anomalies, between));
  await findBounds(pool, runs);
  return runs.sort((a, b) => indexOf(a) - indexOf(b));
}

function groupBySensor(anomalies: readonly Anomaly[]): Anomaly[][] {
  const bySensor = new Map<number, Anomaly[]>();
  for (const anomaly of anomalies) {
    const known = bySensor.get(anomaly.sensor);
    if (known) known.push(anomaly);
    else bySensor.set(anomaly.sensor, [anomaly]);
  }
  return [...bySensor.values()];
}

interface Pair {
  older: Anomaly;
  newer: Anomaly;
}

function toPairs(anomalies: readonly Anomaly[]): Pair[] {
  return anomalies.slice(1).map((older, index) => ({ older, newer: anomalies[index] ?? older }));
}

const oldestFirst = { columns: 'timestamp, seq', rest: 'ORDER BY timestamp, seq LIMIT 1' };
const newestFirst = { columns: 'timestamp, seq', rest: 'ORDER BY timestamp DESC, seq DESC LIMIT 1' };

/** The first reading between two neighboring anomalies, which is normal, by the `seq` of the older one. */
async function findNormalBetween(pool: Pool, pairs: readonly Pair[]): Promise<Map<number, Place>> {
  const branches = pairs.map(({ older, newer }) => ({
    sensor: older.sensor,
    conditions: [...afterPlace(older), ...beforePlace(newer)],
  }));
  const rows = await selectBranches<Place>(pool, { table: 'readings', ...oldestFirst }, branches);
  return new Map(
    rows.map(({ branch, timestamp, seq }) => [pairs[branch]?.older.seq ?? -1, { timestamp, seq }]),
  );
}

function toRuns(anomalies: readonly Anomaly[], between: ReadonlyMap<number, Place>): Run[] {
  const runs: Run[] = [];
  for (const anomaly of anomalies) {
    const newer = runs.at(-1);
    const normal = between.get(anomaly.seq);
    if (newer !== undefined && normal === undefined) {
      newer.anomalies.push(anomaly);
      continue;
    }
    if (newer !== undefined) {
      newer.isOldest = false;
      newer.before = normal;
    }
    const isNewest = newer === undefined;
    const { sensor } = anomaly;
    runs.push({ sensor, anomalies: [anomaly], before: undefined, after: normal, isOldest: true, isNewest });
  }
  return runs;
}

const isNormal = { sql: 'prediction = 0', values: [] };

/** Sets `before` and `after` of runs that may continue beyond the scan. */
async function findBounds(pool: Pool, runs: readonly Run[]): Promise<void> {
  const [oldest, newest] = [runs.filter(({ isOldest }) => isOldest), runs.filter(({ isNewest }) => isNewest)];
  const before = oldest.map(({ sensor, anomalies }) => ({
    sensor,
    conditions: [isNormal, ...beforePlace(anomalies.at(-1))],
  }));
  const after = newest.map(({ sensor, anomalies }) => ({
    sensor,
    conditions: [isNormal, ...afterPlace(anomalies[0])],
  }));
  const [befores, afters] = await Promise.all([
    selectBranches<Place>(pool, { table: 'readings', ...newestFirst }, before),
    selectBranches<Place>(pool, { table: 'readings', ...oldestFirst }, after),
  ]);
  for (const { branch, timestamp, seq } of befores) {
    const run = oldest[branch];
    if (run) run.before = { timestamp, seq };
  }
  for (const { branch, timestamp, seq } of afters) {
    const run = newest[branch];
    if (run) run.after = { timestamp, seq };
  }
}

/** Counts all readings of each run, including those that the scan has not read. */
export async function toEpisodes(pool: Pool, runs: readonly Run[]): Promise<Episode[]> {
  const extents = await findExtents(pool, runs);
  const names = await findNames(pool, runs);
  return runs.map((run) => {
    const { sensor, anomalies, after } = run;
    const [newest] = anomalies;
    const oldest = anomalies.at(-1) ?? newest;
    const scanned = { count: anomalies.length, start: oldest.timestamp, end: newest.timestamp, peak: 0 };
    const { count, start, end, peak } = extents.get(run) ?? scanned;
    return {
      sensor_id: names.get(sensor) ?? '',
      state: after === undefined ? 'open' : 'closed',
      start: fromSqlTimestamp(start),
      end: fromSqlTimestamp(end),
      closed_at: after === undefined ? null : fromSqlTimestamp(after.timestamp),
      count,
      peak_score: Math.max(peak, ...anomalies.map(({ score }) => score)),
    };
  });
}

async function findNames(pool: Pool, runs: readonly Run[]): Promise<Map<number, string>> {
  if (runs.length === 0) return new Map();
  const sql = 'SELECT id, name FROM sensors WHERE id IN (?)';
  const values = [runs.map(({ sensor }) => sensor)];
  const rows = await selectRows<{ id: number; name: string }>(pool, { sql, values });
  return new Map(rows.map(({ id, name }) => [id, name]));
}

interface Extent {
  count: number;
  start: string;
  end: string;
  /** The highest score. */
  peak: number;
}

/** The extents of runs that may continue beyond the scan. */
async function findExtents(pool: Pool, runs: readonly Run[]): Promise<Map<Run, Extent>> {
  const edges = runs.filter(({ isOldest, isNewest }) => isOldest || isNewest);
  const columns = 'COUNT(*) AS count, MIN(timestamp) AS start, MAX(timestamp) AS end, MAX(score) AS peak';
  const branches = edges.map(({ sensor, before, after }) => ({
    sensor,
    conditions: [...afterPlace(before), ...beforePlace(after)],
  }));
  const rows = await selectBranches<Extent>(pool, { table: 'anomalies', columns }, branches);
  const extents = new Map<Run, Extent>();
  for (const { branch, ...extent } of rows) {
    const run = edges[branch];
    if (run && extent.count > 0) extents.set(run, extent);
  }
  return extents;
}
