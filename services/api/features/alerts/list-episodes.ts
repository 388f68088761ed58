import type { EpisodesPage, EpisodesQuery } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { rangeConditions, toWindowAnswer } from '../../storage/where.ts';
import { toRange } from '../statistics/select-segments.ts';
import type { LoadedType } from '../types/sensor-type.ts';
import { findRuns, type Run, toEpisodes } from './anomaly-runs.ts';
import {
  type Anomaly,
  beforePlace,
  formatPlace,
  isAfter,
  listSeparateSensors,
  type Place,
  parsePlace,
  scanAnomalies,
} from './scan-anomalies.ts';
import { selectBranches } from './select-branches.ts';

/** Anomalies read for one page. A page that reaches this limit may have fewer episodes than requested. */
const maxScanned = 60_000;
/** Anomalies read by one scan. The first scan of a page is smaller, and usually finds enough. */
const maxScan = 4000;

/**
 * The episodes with an anomaly in the window, ordered by their newest anomaly in it. An episode that starts before
 * the window or ends after it is returned whole. The cost depends on the page rather than on the table: a long run is
 * counted in the index and skipped.
 */
export async function listEpisodes(
  pool: Pool,
  type: LoadedType,
  query: EpisodesQuery,
): Promise<EpisodesPage> {
  const cursor = query.cursor === undefined ? undefined : parsePlace(query.cursor);
  const sensors = await listSeparateSensors(pool, type.id, query);
  const collected = await collectRuns({ pool, type: type.id, query, sensors, cursor, passed: new Map() });
  return {
    type: type.name,
    ...toWindowAnswer(query),
    episodes: await toEpisodes(pool, collected.runs.slice(0, query.limit)),
    next_cursor: toNextCursor(collected, query.limit),
  };
}

interface Search {
  pool: Pool;
  /** The key of the type. */
  type: number;
  query: EpisodesQuery;
  /** The keys of sensors; undefined: all. */
  sensors: readonly number[] | undefined;
  /** The end of the page before. Episodes with an anomaly in the window up to there are on earlier pages. */
  cursor: Place | undefined;
  /** By sensor, the place up to which it has been read; null if nothing is left to read. */
  passed: Map<number, Place | null>;
}

interface CollectedRuns {
  runs: Run[];
  /** Where the next scan starts; undefined if nothing is left to read. */
  rest: Place | undefined;
}

/** Scans further back until there are more runs than the limit. */
async function collectRuns(search: Search): Promise<CollectedRuns> {
  const { pool, type, query, sensors, passed } = search;
  const enough = query.limit + 20;
  const runs: Run[] = [];
  let before = search.cursor;
  let size = enough;
  for (let scanned = 0; scanned < maxScanned; size = maxScan) {
    const anomalies = await scanAnomalies(pool, { type, query, sensors, before, passed, limit: size });
    const unread = anomalies.filter((anomaly) => !isPassed(search, anomaly));
    const taken = unread.slice(0, enough);
    const isCut = unread.length > enough;
    runs.push(...(await findNewRuns(search, taken)));
    const last = isCut ? taken.at(-1) : anomalies.at(-1);
    if (last === undefined || (!isCut && anomalies.length < size)) return { runs, rest: undefined };
    before = last;
    scanned += anomalies.length;
    if (runs.length > query.limit) break;
  }
  return { runs, rest: before };
}

function isPassed({ passed }: Search, anomaly: Anomaly): boolean {
  const place = passed.get(anomaly.sensor);
  if (place === undefined) return false;
  return place === null || isAfter(anomaly, place);
}

/** The runs of a scan that are not on the page before. Marks them as passed, up to the normal readings before them. */
async function findNewRuns(search: Search, anomalies: readonly Anomaly[]): Promise<Run[]> {
  const runs = await findRuns(search.pool, anomalies);
  const continued = await findContinuedRuns(search, runs);
  for (const { sensor, isOldest, before } of runs) if (isOldest) search.passed.set(sensor, before ?? null);
  return runs.filter((run) => !continued.has(run));
}

/** The runs that started on the page before: they have an anomaly in the window at or after the cursor. */
async function findContinuedRuns(
  { pool, query, cursor, passed }: Search,
  runs: readonly Run[],
): Promise<Set<Run>> {
  const first = runs.filter(({ sensor, isNewest }) => isNewest && !passed.has(sensor));
  if (cursor === undefined || first.length === 0) return new Set();
  const from = { sql: 'timestamp >= ? AND (timestamp > ? OR seq >= ?)' };
  const rows = await selectBranches<Place>(
    pool,
    { table: 'anomalies', columns: 'timestamp, seq', rest: 'LIMIT 1' },
    first.map(({ sensor, after }) => ({
      sensor,
      conditions: [
        { ...from, values: [cursor.timestamp, cursor.timestamp, cursor.seq] },
        ...rangeConditions('timestamp', toRange({ to: query.to })),
        ...beforePlace(after),
      ],
    })),
  );
  return new Set(rows.flatMap(({ branch }) => first[branch] ?? []));
}

/** The next page starts after the newest anomaly, in the window, of the last episode of this page. */
function toNextCursor({ runs, rest }: CollectedRuns, limit: number): string | null {
  const last = runs.length > limit ? runs[limit - 1]?.anomalies[0] : rest;
  return last ? formatPlace(last) : null;
}
