import type { ReadingsPage, ReadingsQuery } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { inSnapshot, type Select } from '../../storage/connection.ts';
import { formatCursor, type Position, parseCursor } from '../../storage/cursor.ts';
import { isTooSlow, selectWithin } from '../../storage/time-limit.ts';
import { toWhere } from '../../storage/where.ts';
import { countScored, mergeRollups, momentsOf, type Rollup } from '../statistics/rollups/rollup.ts';
import { findHorizons, type Part, readParts, toRange, toWindow } from '../statistics/select-segments.ts';
import { toRollupSegments, toSegments } from '../statistics/window-plan.ts';
import type { LoadedType } from '../types/sensor-type.ts';
import {
  findSelectedSensors,
  type KeyedSelection,
  timeConditions,
  toPlace,
  toTimedTable,
  toTimeIndex,
  valueConditions,
} from './reading-filters.ts';
import { type ReadingRow, toReading, toStoredReading } from './reading-row.ts';
import { sortReadings, toPosition, walkByTime, walkReadings } from './select-readings.ts';
import { scanZones } from './zone-scan.ts';

const pageLimitMs = 2000;
/** Where counting stops. */
const countLimit = 10_000;
/** Time limit for counting the readings that match a filter on values. */
const countLimitMs = 200;
/** At most this many readings are sorted for the first page of an order by value, and for a later page. */
const maxSortedForFirst = 10_000;
const maxSortedForNext = 100_000;

/**
 * One keyset page. In the order of time, its cost does not depend on how deep it is; in the order of a value, a deep page of
 * a wide window may take too long.
 * @throws ApiError `validation_failed` for an invalid cursor; StorageError `question_too_slow`
 */
export async function listReadings(
  pool: Pool,
  type: LoadedType,
  query: ReadingsQuery,
): Promise<ReadingsPage> {
  const { sort, order, limit, cursor } = query;
  const after = cursor === undefined ? undefined : parseCursor(cursor, { sort, order });
  const selection = await findSelectedSensors(pool, type, query);
  if (selection.sensors?.length === 0)
    return { readings: [], next_cursor: null, total: 0, total_limit: countLimit };
  const { candidates, isComplete } = await countCandidates(pool, selection);
  const select = { after, limit: limit + 1, limitMs: pageLimitMs };
  const [rows, total] = await Promise.all([
    selectPage(pool, selection, { ...select, candidates, isComplete }),
    countMatches(pool, selection, candidates),
  ]);
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  const isAll = after === undefined && last === undefined;
  // After a timeout, only the rows of this page are known.
  const counted = total ?? rows.length;
  return {
    readings: page.map((row) => toStoredReading(toReading(type, row))),
    next_cursor: last ? formatCursor({ sort, order }, toPosition(last, selection)) : null,
    total: counted,
    total_limit: total === undefined && !isAll ? counted : countLimit,
  };
}

interface PageOptions {
  after: Position | undefined;
  limit: number;
  limitMs: number;
  /** The number of readings that match time, sensors and prediction. */
  candidates: number;
  /** Whether all of them have the value by which they are sorted. */
  isComplete: boolean;
}

/** Readings without the value by which they are sorted are the last. @throws StorageError `question_too_slow` */
export async function selectPage(
  pool: Pool,
  selection: KeyedSelection,
  { candidates, isComplete, ...options }: PageOptions,
): Promise<ReadingRow[]> {
  const { after, limit, limitMs } = options;
  if (isComplete && after?.value !== null) return selectSorted(pool, selection, { candidates, ...options });
  const isMissing = after?.value === null;
  const present: KeyedSelection = { ...selection, sorted: 'present' };
  const rows = isMissing ? [] : await selectSorted(pool, present, { candidates, ...options });
  if (rows.length === limit) return rows;
  const rest = { after: isMissing ? after : undefined, limit: limit - rows.length, limitMs };
  return [...rows, ...(await walkByTime(pool, { ...selection, sorted: 'missing' }, rest))];
}

function selectSorted(
  pool: Pool,
  selection: KeyedSelection,
  { candidates, ...options }: Omit<PageOptions, 'isComplete'>,
): Promise<ReadingRow[]> {
  if (selection.sort === 'timestamp' || selection.sort === 'prediction')
    return walkReadings(pool, selection, options);
  const maxSorted = options.after === undefined ? maxSortedForFirst : maxSortedForNext;
  if (candidates <= maxSorted) return sortReadings(pool, selection, options);
  return scanZones(pool, selection, options);
}

type Candidates = Pick<PageOptions, 'candidates' | 'isComplete'>;

/**
 * Counts the readings that match time, sensors and prediction, from their rollups. Beyond `countLimit`, those of the minutes
 * in which the window begins and ends are left out.
 * @throws StorageError
 */
export async function countCandidates(pool: Pool, selection: KeyedSelection): Promise<Candidates> {
  const { type, sensors, prediction } = selection;
  return inSnapshot(pool, async (select) => {
    const { fromMs, toMs } = toRange(selection);
    const horizons = await findHorizons(select);
    const window = { fromMs: Math.max(fromMs, horizons.readings), toMs };
    const parts = await readParts(select, { type, keys: sensors, segments: toRollupSegments(window) });
    const isInside = (part: Part) => part.fromMs >= window.fromMs && part.toMs <= window.toMs;
    const inside = mergeRollups(parts.filter(isInside).map(({ rollup }) => rollup));
    const { count, anomalies } = inside;
    let candidates = { all: count, 0: countScored(inside) - anomalies, 1: anomalies }[prediction ?? 'all'];
    for (const end of toSegments(window).filter(({ level }) => level === 'reading'))
      if (candidates <= countLimit) candidates += await countRows(select, { ...selection, ...toWindow(end) });
    return { candidates, isComplete: isComplete(mergeRollups(parts.map(({ rollup }) => rollup)), selection) };
  });
}

function isComplete(rollup: Rollup, { type, sort }: KeyedSelection): boolean {
  if (sort === 'timestamp') return true;
  const place = sort === 'prediction' ? 'score' : toPlace(type, sort);
  const present = place === 'score' ? countScored(rollup) : momentsOf(rollup, place).count;
  return present === rollup.count;
}

/** The number of readings in a window that match sensors and prediction. */
async function countRows(select: Select, selection: KeyedSelection): Promise<number> {
  const table = toTimedTable(selection);
  const isNormal = selection.prediction === 0 ? [{ sql: 'readings.prediction = 0', values: [] }] : [];
  const { sql, values } = toWhere([...timeConditions(table, selection), ...isNormal]);
  const [row] = await select<{ count: number }>({
    sql: `SELECT COUNT(*) AS count FROM ${table} FORCE INDEX (${toTimeIndex(table, selection)}) ${sql}`,
    values,
  });
  return row?.count ?? 0;
}

/** The number of matching readings up to `countLimit`; undefined if counting takes too long. */
async function countMatches(
  pool: Pool,
  selection: KeyedSelection,
  candidates: number,
): Promise<number | undefined> {
  if (selection.ranges.length === 0) return Math.min(candidates, countLimit);
  const table = toTimedTable(selection);
  const where = toWhere([...timeConditions(table, selection), ...valueConditions(selection)]);
  const joined = table === 'anomalies' ? 'STRAIGHT_JOIN readings ON readings.seq = anomalies.seq' : '';
  const sql = `COUNT(*) AS total FROM (SELECT 1 FROM ${table} FORCE INDEX (${toTimeIndex(table, selection)})
    ${joined} ${where.sql} LIMIT ${countLimit}) AS counted`;
  try {
    const [row] = await selectWithin<{ total: number }>(pool, { sql, values: where.values }, countLimitMs);
    return row?.total ?? 0;
  } catch (error) {
    if (isTooSlow(error)) return undefined;
    throw error;
  }
}
