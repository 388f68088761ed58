import type { ReadingsSelection } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { type Position, toSortKeys } from '../../storage/cursor.ts';
import { isTooSlow, selectWithin } from '../../storage/time-limit.ts';
import { type Condition, toWhere } from '../../storage/where.ts';
import type { ReadingsPlan } from './plan-readings.ts';
import {
  allConditions,
  commonConditions,
  rangeConditions,
  rangedColumns,
  timeConditions,
} from './reading-filters.ts';
import { type ReadingRow, readingColumns } from './reading-row.ts';

const labels = { asc: [0, 1], desc: [1, 0] } as const;

interface SelectOptions {
  plan: ReadingsPlan;
  /** The last row of the previous page. */
  after: Position | undefined;
  limit: number;
  limitMs: number;
  /** Time limit of a walk along the sort index if the plan has a fallback. */
  walkLimitMs?: number;
}

/**
 * The rows of the next page. Matches may be so rare along the sort index that sorting all of them is faster, which only
 * shows when the walk exceeds its time limit; then the fallback of the plan is used.
 * @throws StorageError `question_too_slow`
 */
export async function selectReadings(
  pool: Pool,
  selection: ReadingsSelection,
  options: SelectOptions,
): Promise<ReadingRow[]> {
  const { plan, limitMs, walkLimitMs = 100 } = options;
  if (plan.fallbackIndex === undefined) return selectByPlan(pool, selection, options);
  try {
    return await selectByPlan(pool, selection, { ...options, limitMs: Math.min(walkLimitMs, limitMs) });
  } catch (error) {
    if (!isTooSlow(error)) throw error;
    const sorting: ReadingsPlan = { strategy: 'sort', index: plan.fallbackIndex, total: plan.total };
    return selectByPlan(pool, selection, { ...options, plan: sorting });
  }
}

/** Finds the page by its keys, which only needs the index, and reads full rows only for the page. */
function selectByPlan(
  pool: Pool,
  selection: ReadingsSelection,
  { plan, after, limit, limitMs }: SelectOptions,
): Promise<ReadingRow[]> {
  const keys = toSortKeys(selection.sort);
  const branches =
    plan.strategy === 'walk' ? toWalkBranches(selection, after) : [toSortBranch(selection, after)];
  const byKeys = [...keys, 'seq'].map((key) => `${key} ${selection.order}`).join(', ');
  // Aliases keep the column names unambiguous in the join.
  const columns = ['seq AS page_seq', ...keys.map((key) => `${key} AS page_${key}`)].join(', ');
  const byPageKeys = [...keys, 'seq'].map((key) => `page_${key} ${selection.order}`).join(', ');
  const parts = branches.map(toWhere).map(({ sql, values }) => ({
    sql: `(SELECT ${columns} FROM readings FORCE INDEX (${plan.index}) ${sql} ORDER BY ${byKeys} LIMIT ${limit})`,
    values,
  }));
  const sql = `${readingColumns} FROM
    (${parts.map((part) => part.sql).join(' UNION ALL ')} ORDER BY ${byPageKeys} LIMIT ${limit}) AS page
    STRAIGHT_JOIN readings ON seq = page_seq ORDER BY ${byPageKeys}`;
  return selectWithin<ReadingRow>(pool, { sql, values: parts.flatMap(({ values }) => values) }, limitMs);
}

/** Conditions that select one range of the index, which is read in index order. */
type Branch = readonly Condition[];

function toWalkBranches(selection: ReadingsSelection, after: Position | undefined): Branch[] {
  const { sort, order } = selection;
  if (sort === 'timestamp' || sort === 'prediction') return toTimeBranches(selection, after);
  const ranges = rangedColumns.flatMap((column) => rangeConditions(selection, column));
  const filters = [...commonConditions(selection), ...ranges];
  return afterPosition(sort, order, after).map((place) => [...place, ...filters]);
}

/** Ranges in order of time, one per sensor and prediction: no index has all readings of a sensor in one range. */
function toTimeBranches(selection: ReadingsSelection, after: Position | undefined): Branch[] {
  const { sort, order, sensor_id, prediction } = selection;
  const selected = labels[order].filter((label) => prediction === undefined || label === prediction);
  const reached = sort === 'prediction' && after ? selected.indexOf(after.values[0] === 1 ? 1 : 0) : 0;
  const isByLabel = sort === 'prediction' || prediction !== undefined || sensor_id !== undefined;
  const parts = (isByLabel ? selected.slice(Math.max(reached, 0)) : [undefined]).map((label, index) => ({
    label: label === undefined ? [] : [{ sql: 'prediction = ?', values: [label] }],
    after: index === 0 || sort === 'timestamp' ? after : undefined,
  }));
  const sensors = sensor_id?.map((sensor) => [{ sql: 'sensor_id = ?', values: [sensor] }]) ?? [[]];
  const ranges = rangedColumns.flatMap((column) => rangeConditions(selection, column));
  return sensors.flatMap((sensor) =>
    parts.flatMap((part) =>
      afterPosition('timestamp', order, part.after).map((place) => [
        ...sensor,
        ...part.label,
        ...timeConditions(selection),
        ...place,
        ...ranges,
      ]),
    ),
  );
}

/**
 * The rows after a position as two ranges: rows with the same key, and rows beyond it. With a single condition and OR,
 * the server would read every row with the same key.
 */
function afterPosition(key: string, order: 'asc' | 'desc', after: Position | undefined): Branch[] {
  if (after === undefined) return [[]];
  const beyond = order === 'asc' ? '>' : '<';
  const value = after.values.at(-1);
  return [
    [
      { sql: `${key} = ?`, values: [value] },
      { sql: `seq ${beyond} ?`, values: [after.seq] },
    ],
    [{ sql: `${key} ${beyond} ?`, values: [value] }],
  ];
}

/** All matching rows after the position. */
function toSortBranch(selection: ReadingsSelection, after: Position | undefined): Branch {
  if (after === undefined) return allConditions(selection);
  const beyond = selection.order === 'asc' ? '>' : '<';
  const keys = [...toSortKeys(selection.sort), 'seq'];
  const values = [...after.values, after.seq];
  const place = { sql: `(${keys.join(', ')}) ${beyond} (${keys.map(() => '?').join(', ')})`, values };
  return [...allConditions(selection), place];
}
