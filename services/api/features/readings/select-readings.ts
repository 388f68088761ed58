import type { Pool } from 'mysql2/promise';
import { selectRows } from '../../storage/connection.ts';
import type { Position } from '../../storage/cursor.ts';
import { selectWithin } from '../../storage/time-limit.ts';
import { type Condition, toWhere } from '../../storage/where.ts';
import {
  type KeyedSelection,
  type TimedTable,
  timeConditions,
  toNamedValueSql,
  toTimedTable,
  toTimeIndex,
  valueConditions,
} from './reading-filters.ts';
import { parseValues, type ReadingRow, readingColumns, readingNames, readingTables } from './reading-row.ts';

interface SelectOptions {
  /** The last row of the previous page. */
  after: Position | undefined;
  limit: number;
  limitMs: number;
}

const labels = { asc: [0, 1], desc: [1, 0] } as const;

/** The position of a row in the order of the selection. */
export function toPosition(row: ReadingRow, { type, sort }: Pick<KeyedSelection, 'type' | 'sort'>): Position {
  const { timestamp, seq } = row;
  if (sort === 'timestamp') return { value: undefined, timestamp, seq };
  if (sort === 'prediction' || sort === 'score') return { value: row[sort], timestamp, seq };
  const value = parseValues(type, row.features)[type.featureNames.indexOf(sort)] ?? null;
  return { value, timestamp, seq };
}

/** Rows in order of time, or of prediction and time: the index is read in its order. @throws StorageError */
export async function walkReadings(
  pool: Pool,
  selection: KeyedSelection,
  { after, limit, limitMs }: SelectOptions,
): Promise<ReadingRow[]> {
  if (selection.sort !== 'prediction' || selection.prediction !== undefined)
    return walkByTime(pool, selection, { after, limit, limitMs });
  const rows: ReadingRow[] = [];
  const [first, second] = labels[selection.order];
  for (const prediction of after?.value === second ? [second] : [first, second]) {
    const rest = {
      limit: limit - rows.length,
      limitMs,
      after: after?.value === prediction ? after : undefined,
    };
    if (rest.limit > 0) rows.push(...(await walkByTime(pool, { ...selection, prediction }, rest)));
  }
  return rows;
}

/** One range of the index for each sensor, which is merged with those of the others. */
export function walkByTime(
  pool: Pool,
  selection: KeyedSelection,
  { after, limit, limitMs }: SelectOptions,
): Promise<ReadingRow[]> {
  const table = toTimedTable(selection);
  const { order, sensors } = selection;
  const ranges = (sensors?.map((sensor) => ({ ...selection, sensors: [sensor] })) ?? [selection]).flatMap(
    (ofSensor) => afterPlace(table, order, after).map((place) => ({ ofSensor, place })),
  );
  const selects = ranges.map(({ ofSensor, place }) => {
    const where = toWhere([...timeConditions(table, ofSensor), ...place, ...valueConditions(selection)]);
    return {
      sql: `(SELECT ${table}.seq AS page_seq, ${table}.timestamp AS page_timestamp FROM ${toKeyTables(table, selection)}
        ${where.sql} ORDER BY ${table}.timestamp ${order}, ${table}.seq ${order} LIMIT ${limit})`,
      values: where.values,
    };
  });
  const byPage = `page_timestamp ${order}, page_seq ${order}`;
  const sql = `${readingColumns} FROM
    (${selects.map((select) => select.sql).join(' UNION ALL ')} ORDER BY ${byPage} LIMIT ${limit}) AS page
    STRAIGHT_JOIN readings ON readings.seq = page_seq ${readingNames} ORDER BY ${byPage}`;
  return selectWithin<ReadingRow>(pool, { sql, values: selects.flatMap(({ values }) => values) }, limitMs);
}

/** `anomalies` has no values of features. */
function toKeyTables(table: TimedTable, selection: KeyedSelection): string {
  const indexed = `${table} FORCE INDEX (${toTimeIndex(table, selection)})`;
  return table === 'readings' ? indexed : `${indexed} STRAIGHT_JOIN readings ON readings.seq = anomalies.seq`;
}

/**
 * The rows after a position as two ranges: rows with the same time, and rows beyond it. With a single condition and OR,
 * the server would read every row with the same time.
 */
function afterPlace(
  table: TimedTable,
  order: 'asc' | 'desc',
  after: Position | undefined,
): readonly (readonly Condition[])[] {
  if (after === undefined) return [[]];
  const beyond = order === 'asc' ? '>' : '<';
  const { timestamp, seq } = after;
  return [
    [
      { sql: `${table}.timestamp = ?`, values: [timestamp] },
      { sql: `${table}.seq ${beyond} ?`, values: [seq] },
    ],
    [{ sql: `${table}.timestamp ${beyond} ?`, values: [timestamp] }],
  ];
}

/** All matching rows of some time windows, sorted by a value. @throws StorageError `question_too_slow` */
export function sortReadings(
  pool: Pool,
  selection: KeyedSelection,
  { after, limit, limitMs, windows }: SelectOptions & { windows?: readonly SortedWindow[] },
): Promise<ReadingRow[]> {
  const { sort, order } = selection;
  if (sort === 'timestamp' || sort === 'prediction') throw new Error('sorted by time: walk instead');
  const table = toTimedTable(selection);
  const value = toNamedValueSql(selection.type, sort);
  const byKeys = (...keys: string[]) => keys.map((key) => `${key} ${order}`).join(', ');
  const selects = (windows ?? [selection]).map((window) => {
    const where = toWhere([
      ...timeConditions(table, { ...selection, ...window }),
      ...valueConditions(selection),
      ...afterValue(value, order, after),
    ]);
    return {
      sql: `(SELECT readings.seq AS page_seq, readings.timestamp AS page_timestamp, ${value} AS page_value
        FROM ${toKeyTables(table, selection)} ${where.sql}
        ORDER BY ${byKeys('page_value', 'page_timestamp', 'page_seq')} LIMIT ${limit})`,
      values: where.values,
    };
  });
  const byPage = byKeys('page_value', 'page_timestamp', 'page_seq');
  const sql = `${readingColumns} FROM
    (${selects.map((select) => select.sql).join(' UNION ALL ')} ORDER BY ${byPage} LIMIT ${limit}) AS page
    STRAIGHT_JOIN readings ON readings.seq = page_seq ${readingNames} ORDER BY ${byPage}`;
  return selectWithin<ReadingRow>(pool, { sql, values: selects.flatMap(({ values }) => values) }, limitMs);
}

/** Rows by their numbers, in any order. Rows that retention has removed are left out. @throws StorageError */
export async function findRowsBySeqs(pool: Pool, seqs: readonly number[]): Promise<ReadingRow[]> {
  if (seqs.length === 0) return [];
  const sql = `SELECT ${readingColumns} FROM ${readingTables} WHERE readings.seq IN (?)`;
  return selectRows<ReadingRow>(pool, { sql, values: [seqs] });
}

/** A part of the window of a selection. */
export interface SortedWindow {
  from?: string | undefined;
  to?: string | undefined;
}

function afterValue(value: string, order: 'asc' | 'desc', after: Position | undefined): Condition[] {
  if (after === undefined) return [];
  const beyond = order === 'asc' ? '>' : '<';
  const place = `(readings.timestamp, readings.seq) ${beyond} (?, ?)`;
  return [
    {
      sql: `(${value} ${beyond} ? OR (${value} = ? AND ${place}))`,
      values: [after.value, after.value, after.timestamp, after.seq],
    },
  ];
}

/** Compares two positions in ascending order. */
export function comparePositions(a: Position, b: Position): number {
  const [one, other] = [a.value ?? 0, b.value ?? 0];
  if (one !== other) return one - other;
  if (a.timestamp !== b.timestamp) return a.timestamp < b.timestamp ? -1 : 1;
  return a.seq - b.seq;
}
