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
  windowConditions,
} from './reading-filters.ts';
import { type ReadingRow, readingColumns } from './reading-row.ts';

const labels = { asc: [0, 1], desc: [1, 0] } as const;

interface SelectOptions {
  plan: ReadingsPlan;
  /** The last row before. */
  after: Position | undefined;
  limit: number;
  limitMs: number;
  /** After so long, a walk along the order is given up where there is another way. */
  walkMs?: number;
}

/**
 * The readings that come next. What matches may be so rare in the order that sorting all of it is faster: nobody knows
 * until the walk has taken its time.
 * @throws ApiError `question_too_slow`
 */
export async function selectReadings(
  pool: Pool,
  selection: ReadingsSelection,
  options: SelectOptions,
): Promise<ReadingRow[]> {
  const { plan, limitMs, walkMs = 100 } = options;
  if (plan.otherwise === undefined) return selectOneWay(pool, selection, options);
  try {
    return await selectOneWay(pool, selection, { ...options, limitMs: Math.min(walkMs, limitMs) });
  } catch (error) {
    if (!isTooSlow(error)) throw error;
    const sorting: ReadingsPlan = { way: 'few', index: plan.otherwise, total: plan.total };
    return selectOneWay(pool, selection, { ...options, plan: sorting });
  }
}

/** The readings that come next, found by their keys alone; the rows themselves are read for those only. */
function selectOneWay(
  pool: Pool,
  selection: ReadingsSelection,
  { plan, after, limit, limitMs }: SelectOptions,
): Promise<ReadingRow[]> {
  const keys = toSortKeys(selection.sort);
  const branches = plan.way === 'order' ? toOrderBranches(selection, after) : [toFewBranch(selection, after)];
  const byKeys = [...keys, 'seq'].map((key) => `${key} ${selection.order}`).join(', ');
  // The names differ from the columns', so that none is ambiguous where the rows are joined.
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

/** One stretch of the index, read along its order; the conditions say where it begins and ends. */
type Branch = readonly Condition[];

function toOrderBranches(selection: ReadingsSelection, after: Position | undefined): Branch[] {
  const { sort, order } = selection;
  if (sort === 'timestamp' || sort === 'prediction') return toTimeBranches(selection, after);
  const ranges = rangedColumns.flatMap((column) => rangeConditions(selection, column));
  const filters = [...commonConditions(selection), ...ranges];
  return afterPosition(sort, order, after).map((place) => [...place, ...filters]);
}

/** By time: a stretch per sensor and label, each in the order of time; no index has all of a sensor in one. */
function toTimeBranches(selection: ReadingsSelection, after: Position | undefined): Branch[] {
  const { sort, order, sensor_id, prediction } = selection;
  const asked = labels[order].filter((label) => prediction === undefined || label === prediction);
  const reached = sort === 'prediction' && after ? asked.indexOf(after.values[0] === 1 ? 1 : 0) : 0;
  const isByLabel = sort === 'prediction' || prediction !== undefined || sensor_id !== undefined;
  const parts = (isByLabel ? asked.slice(Math.max(reached, 0)) : [undefined]).map((label, index) => ({
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
        ...windowConditions(selection),
        ...place,
        ...ranges,
      ]),
    ),
  );
}

/**
 * What comes after a position, in two stretches: where the key is the same, and beyond. As one condition with OR the
 * servers would walk through every row with the same key.
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

/** The few that match, beyond the position. */
function toFewBranch(selection: ReadingsSelection, after: Position | undefined): Branch {
  if (after === undefined) return allConditions(selection);
  const beyond = selection.order === 'asc' ? '>' : '<';
  const keys = [...toSortKeys(selection.sort), 'seq'];
  const values = [...after.values, after.seq];
  const place = { sql: `(${keys.join(', ')}) ${beyond} (${keys.map(() => '?').join(', ')})`, values };
  return [...allConditions(selection), place];
}
