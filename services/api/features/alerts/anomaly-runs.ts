import type { Episode } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { selectRows } from '../../storage/connection.ts';
import { fromSqlTimestamp } from '../../storage/sql-values.ts';
import { isAfterSql, isBeforeSql, type Place } from './anomaly-place.ts';
import { selectBranches } from './select-branches.ts';
import type { Run } from './split-runs.ts';

/** Up to so many readings are looked at for the highest score; among more, it is near the top of all scores. */
const fewReadings = 1000;

const newestFirst = { columns: 'timestamp, seq', rest: 'ORDER BY timestamp DESC, seq DESC LIMIT 1' };
const oldestFirst = { columns: 'timestamp, seq', rest: 'ORDER BY timestamp, seq LIMIT 1' };

/** What a run comes to, with all of its readings, wherever the scan began and ended. */
interface Extent {
  count: number;
  start: string;
  end: string;
}

/** Finds the normal readings beside runs that may go on beyond the scan. */
export async function findBounds(pool: Pool, runs: readonly Run[]): Promise<void> {
  const [oldest, newest] = [runs.filter(({ isOldest }) => isOldest), runs.filter(({ isNewest }) => isNewest)];
  const before = oldest.map(({ sensorId, anomalies }) => ({
    sensorId,
    prediction: 0 as const,
    conditions: isBeforeSql(anomalies.at(-1)),
  }));
  const after = newest.map(({ sensorId, anomalies }) => ({
    sensorId,
    prediction: 0 as const,
    conditions: isAfterSql(anomalies[0]),
  }));
  const [befores, afters] = await Promise.all([
    selectBranches<Place>(pool, newestFirst, before),
    selectBranches<Place>(pool, oldestFirst, after),
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

function toStretch({ sensorId, before, after }: Run) {
  const conditions = [...isAfterSql(before), ...isBeforeSql(after)];
  return { sensorId, prediction: 1 as const, conditions };
}

/** By the index of the run; only of those that may go on beyond the scan. */
async function findExtents(pool: Pool, runs: readonly Run[]): Promise<Map<Run, Extent>> {
  const edges = runs.filter(({ isOldest, isNewest }) => isOldest || isNewest);
  const columns = 'COUNT(*) AS count, MIN(timestamp) AS start, MAX(timestamp) AS end';
  const rows = await selectBranches<Extent>(pool, { columns }, edges.map(toStretch));
  const extents = new Map<Run, Extent>();
  for (const { branch, ...extent } of rows) {
    const run = edges[branch];
    if (run && extent.count > 0) extents.set(run, extent);
  }
  return extents;
}

/** The highest score of a long run, from the highest of all downwards. */
async function findTopScore(pool: Pool, run: Run, { start, end }: Extent): Promise<number | undefined> {
  const sql = `SELECT score FROM readings FORCE INDEX (readings_score) WHERE sensor_id = ? AND prediction = 1
    AND timestamp BETWEEN ? AND ? ORDER BY score DESC LIMIT 1`;
  const [row] = await selectRows<{ score: number }>(pool, { sql, values: [run.sensorId, start, end] });
  return row?.score;
}

/** Of runs of which the scan has not seen every reading. */
async function findPeaks(pool: Pool, extents: ReadonlyMap<Run, Extent>): Promise<Map<Run, number>> {
  const partial = [...extents].filter(([{ anomalies }, { count }]) => count > anomalies.length);
  const short = partial.filter(([, { count }]) => count <= fewReadings).map(([run]) => run);
  const peaks = new Map<Run, number>();
  const rows = await selectBranches<{ peak: number }>(
    pool,
    { columns: 'MAX(score) AS peak' },
    short.map(toStretch),
  );
  for (const { branch, peak } of rows) {
    const run = short[branch];
    if (run) peaks.set(run, peak);
  }
  for (const [run, extent] of partial) {
    const peak = extent.count > fewReadings ? await findTopScore(pool, run, extent) : undefined;
    if (peak !== undefined) peaks.set(run, peak);
  }
  return peaks;
}

/** Whole episodes of runs whose bounds are known. */
export async function toEpisodes(pool: Pool, runs: readonly Run[]): Promise<Episode[]> {
  const extents = await findExtents(pool, runs);
  const peaks = await findPeaks(pool, extents);
  return runs.map((run) => {
    const { sensorId, anomalies, after } = run;
    const [newest] = anomalies;
    const oldest = anomalies.at(-1) ?? newest;
    const seen = { count: anomalies.length, start: oldest.timestamp, end: newest.timestamp };
    const { count, start, end } = extents.get(run) ?? seen;
    return {
      sensor_id: sensorId,
      state: after === undefined ? 'open' : 'closed',
      start: fromSqlTimestamp(start),
      end: fromSqlTimestamp(end),
      closed_at: after === undefined ? null : fromSqlTimestamp(after.timestamp),
      count,
      peak_score: Math.max(peaks.get(run) ?? 0, ...anomalies.map(({ score }) => score)),
    };
  });
}
