import type { EpisodesPage, EpisodesQuery } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { toWindowAnswer, windowConditions } from '../../storage/where.ts';
import { formatPlace, isAfter, isBeforeSql, type Place, parsePlace } from './anomaly-place.ts';
import { findBounds, toEpisodes } from './complete-runs.ts';
import { type Anomaly, listFewSensors, scanAnomalies } from './scan-anomalies.ts';
import { selectBranches } from './select-branches.ts';
import { type Run, splitRuns } from './split-runs.ts';

/** What one page may look at: many sensors that have long been anomalous may hide the older episodes of others. */
const maxScanned = 60_000;
/** Of one look; the first is small, since mostly it suffices. */
const maxScan = 4000;

interface Search {
  pool: Pool;
  query: EpisodesQuery;
  sensors: readonly string[] | undefined;
  /** Where the page before has ended: what reaches up to there was on it, or on one before. */
  cursor: Place | undefined;
  /** Up to where each sensor has been looked at; null where nothing is left of it. */
  passed: Map<string, Place | null>;
}

function isPassed({ passed }: Search, anomaly: Anomaly): boolean {
  const place = passed.get(anomaly.sensor_id);
  if (place === undefined) return false;
  return place === null || isAfter(anomaly, place);
}

/** Whether a run reaches from the page before into this one. */
async function listContinued(
  { pool, query, cursor, passed }: Search,
  runs: readonly Run[],
): Promise<Set<Run>> {
  const first = runs.filter(({ sensorId, isNewest }) => isNewest && !passed.has(sensorId));
  if (cursor === undefined || first.length === 0) return new Set();
  const from = { sql: 'timestamp >= ? AND (timestamp > ? OR seq >= ?)' };
  const rows = await selectBranches<Place>(
    pool,
    { columns: 'timestamp, seq', rest: 'LIMIT 1' },
    first.map(({ sensorId, after }) => ({
      sensorId,
      prediction: 1,
      conditions: [
        { ...from, values: [cursor.timestamp, cursor.timestamp, cursor.seq] },
        ...windowConditions({ to: query.to }),
        ...isBeforeSql(after),
      ],
    })),
  );
  return new Set(rows.flatMap(({ branch }) => first[branch] ?? []));
}

/** The runs of a scan that begin to be seen on this page. */
async function findNewRuns(search: Search, anomalies: readonly Anomaly[]): Promise<Run[]> {
  const runs = await splitRuns(search.pool, anomalies);
  await findBounds(search.pool, runs);
  const continued = await listContinued(search, runs);
  for (const { sensorId, isOldest, before } of runs)
    if (isOldest) search.passed.set(sensorId, before ?? null);
  return runs.filter((run) => !continued.has(run));
}

/** Looks further and further back, until there are more than the limit; `rest` is where to go on, if anywhere. */
async function collectRuns(search: Search): Promise<{ runs: Run[]; rest: Place | undefined }> {
  const { pool, query, sensors, passed } = search;
  const enough = query.limit + 20;
  const runs: Run[] = [];
  let before = search.cursor;
  let size = enough;
  for (let scanned = 0; scanned < maxScanned; size = maxScan) {
    const anomalies = await scanAnomalies(pool, { query, sensors, before, passed, limit: size });
    const fresh = anomalies.filter((anomaly) => !isPassed(search, anomaly));
    const looked = fresh.slice(0, enough);
    const isCut = fresh.length > enough;
    runs.push(...(await findNewRuns(search, looked)));
    const last = isCut ? looked.at(-1) : anomalies.at(-1);
    if (last === undefined || (!isCut && anomalies.length < size)) return { runs, rest: undefined };
    before = last;
    scanned += anomalies.length;
    if (runs.length > query.limit) break;
  }
  return { runs, rest: before };
}

/** Where the next page begins: after the newest anomaly, in the window, of the last episode. */
function toNextCursor({ runs, rest }: { runs: readonly Run[]; rest: Place | undefined }, limit: number) {
  const last = runs.length > limit ? runs[limit - 1]?.anomalies[0] : rest;
  return last ? formatPlace(last) : null;
}

/**
 * The episodes of which any reading is in the window, by the newest of those. Each is whole, also where the window
 * cuts it. Costs what the page holds, not what the table does: a long run is counted in the index, and passed over.
 */
export async function findEpisodes(pool: Pool, query: EpisodesQuery): Promise<EpisodesPage> {
  const cursor = query.cursor === undefined ? undefined : parsePlace(query.cursor);
  const sensors = await listFewSensors(pool, query.sensor_id);
  const search: Search = { pool, query, sensors, cursor, passed: new Map() };
  const collected = await collectRuns(search);
  return {
    ...toWindowAnswer(query),
    episodes: await toEpisodes(pool, collected.runs.slice(0, query.limit)),
    next_cursor: toNextCursor(collected, query.limit),
  };
}
