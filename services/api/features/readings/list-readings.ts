import type { ReadingsPage, ReadingsQuery, ReadingsSelection } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { formatCursor, parseCursor, toPosition } from '../../storage/cursor.ts';
import { isTooSlow, selectWithin } from '../../storage/time-limit.ts';
import { toWhere } from '../../storage/where.ts';
import { countLimit, planReadings, type ReadingsPlan } from './plan-readings.ts';
import { allConditions } from './reading-filters.ts';
import { toStoredReading } from './reading-row.ts';
import { selectReadings } from './select-readings.ts';

const pageLimitMs = 2000;
/** Time limit for counting the matching readings without an index that covers all filters. */
const countLimitMs = 200;

/**
 * One keyset page; its cost does not depend on how deep it is.
 * @throws ApiError `validation_failed` for an invalid cursor; StorageError `question_too_slow`
 */
export async function listReadings(pool: Pool, query: ReadingsQuery): Promise<ReadingsPage> {
  const { sort, order, limit, cursor } = query;
  const after = cursor === undefined ? undefined : parseCursor(cursor, { sort, order });
  const plan = await planReadings(pool, query);
  const [rows, total] = await Promise.all([
    selectReadings(pool, query, { plan, after, limit: limit + 1, limitMs: pageLimitMs }),
    plan.total ?? countWithin(pool, query, plan),
  ]);
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  const isAll = after === undefined && last === undefined;
  // After a timeout, only the rows of this page are known.
  const counted = total ?? rows.length;
  return {
    readings: page.map(toStoredReading),
    next_cursor: last ? formatCursor({ sort, order }, toPosition(last, sort)) : null,
    total: counted,
    total_limit: total === undefined && !isAll ? counted : countLimit,
  };
}

async function countWithin(
  pool: Pool,
  selection: ReadingsSelection,
  { index }: ReadingsPlan,
): Promise<number | undefined> {
  const where = toWhere(allConditions(selection));
  const sql = `COUNT(*) AS total FROM
    (SELECT 1 FROM readings FORCE INDEX (${index}) ${where.sql} LIMIT ${countLimit}) AS counted`;
  try {
    const [row] = await selectWithin<{ total: number }>(pool, { sql, values: where.values }, countLimitMs);
    return row?.total ?? 0;
  } catch (error) {
    if (isTooSlow(error)) return undefined;
    throw error;
  }
}
