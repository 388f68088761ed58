import type { ReadingsPage, ReadingsQuery } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { formatCursor, type Position, parseCursor } from '../../storage/cursor.ts';
import { isTooSlow, selectWithin } from '../../storage/time-limit.ts';
import { toWhere } from '../../storage/where.ts';
import { mergeRollups } from '../statistics/rollups/rollup.ts';
import { selectSegments, toRange } from '../statistics/select-segments.ts';
import { planWindow } from '../statistics/window-plan.ts';
import {
  findSelectedSensors,
  type KeyedSelection,
  rangedValues,
  timeConditions,
  toLimits,
  toTimedTable,
  toTimeIndex,
  valueConditions,
} from './reading-filters.ts';
import { type ReadingRow, toStoredReading } from './reading-row.ts';
import { sortReadings, toPosition, walkReadings } from './select-readings.ts';
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
export async function listReadings(pool: Pool, query: ReadingsQuery): Promise<ReadingsPage> {
  const { sort, order, limit, cursor } = query;
  const after = cursor === undefined ? undefined : parseCursor(cursor, { sort, order });
  const selection = await findSelectedSensors(pool, query);
  if (selection.sensors?.length === 0)
    return { readings: [], next_cursor: null, total: 0, total_limit: countLimit };
  const candidates = await countCandidates(pool, selection);
  const select = { after, limit: limit + 1, limitMs: pageLimitMs };
  const [rows, total] = await Promise.all([
    selectPage(pool, selection, { ...select, candidates }),
    countMatches(pool, selection, candidates),
  ]);
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  const isAll = after === undefined && last === undefined;
  // After a timeout, only the rows of this page are known.
  const counted = total ?? rows.length;
  return {
    readings: page.map(toStoredReading),
    next_cursor: last ? formatCursor({ sort, order }, toPosition(last, query)) : null,
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
}

/** @throws StorageError `question_too_slow` */
export async function selectPage(
  pool: Pool,
  selection: KeyedSelection,
  { candidates, ...options }: PageOptions,
): Promise<ReadingRow[]> {
  if (selection.sort === 'timestamp' || selection.sort === 'prediction')
    return walkReadings(pool, selection, options);
  const maxSorted = options.after === undefined ? maxSortedForFirst : maxSortedForNext;
  if (candidates <= maxSorted) return sortReadings(pool, selection, options);
  return scanZones(pool, selection, options);
}

/** The number of readings that match time, sensors and prediction, from their rollups. @throws StorageError */
export async function countCandidates(pool: Pool, selection: KeyedSelection): Promise<number> {
  const { parts } = await selectSegments(pool, {
    keys: selection.sensors,
    toPlan: (horizons) => {
      const { fromMs, toMs } = toRange(selection);
      return planWindow({ fromMs: Math.max(fromMs, horizons.readings), toMs }, horizons);
    },
  });
  const { count, anomalies } = mergeRollups(parts.map(({ rollup }) => rollup));
  if (selection.prediction === undefined) return count;
  return selection.prediction === 1 ? anomalies : count - anomalies;
}

/** The number of matching readings up to `countLimit`; undefined if counting takes too long. */
async function countMatches(
  pool: Pool,
  selection: KeyedSelection,
  candidates: number,
): Promise<number | undefined> {
  const hasValueFilter = rangedValues.some((name) => {
    const { min, max } = toLimits(selection, name);
    return Number.isFinite(min) || Number.isFinite(max);
  });
  if (!hasValueFilter) return Math.min(candidates, countLimit);
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
