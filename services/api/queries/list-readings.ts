import type { ReadingsPage, ReadingsQuery } from '@sensor-sentinel/contracts';
import type { CallbackPool } from '../storage/pool.ts';
import { type ReadingRow, readingColumns, toStoredReading } from '../storage/reading-row.ts';
import { selectRows } from '../storage/run-query.ts';
import { formatCursor, parseCursor } from './cursor.ts';
import { type Condition, toWhere, windowConditions } from './where.ts';

const totalLimit = 10_000;

const rangedColumns = ['temperature', 'humidity', 'sound_volume', 'score'] as const;

function filterConditions(query: ReadingsQuery): Condition[] {
  const ranges = rangedColumns.flatMap((column) => [
    { sql: `${column} >= ?`, values: [query[`${column}_min`]] },
    { sql: `${column} <= ?`, values: [query[`${column}_max`]] },
  ]);
  const equal = { sql: 'prediction = ?', values: [query.prediction] };
  const given = [...ranges, equal].filter(({ values }) => values[0] !== undefined);
  return [...windowConditions(query), ...given];
}

function afterCursor({ cursor, sort, order }: ReadingsQuery): Condition[] {
  if (cursor === undefined) return [];
  const { value, seq } = parseCursor(cursor, { sort, order });
  const beyond = order === 'asc' ? '>' : '<';
  return [
    { sql: `${sort} ${beyond}= ? AND (${sort} ${beyond} ? OR seq ${beyond} ?)`, values: [value, value, seq] },
  ];
}

async function countUpToLimit(pool: CallbackPool, query: ReadingsQuery): Promise<number> {
  const where = toWhere(filterConditions(query));
  const sql = `SELECT COUNT(*) AS total FROM (SELECT 1 FROM readings ${where.sql} LIMIT ${totalLimit}) AS counted`;
  const [row] = await selectRows<{ total: number }>(pool, { sql, values: where.values });
  return row?.total ?? 0;
}

/** One keyset page: however deep it lies, it costs what the first one costs. */
export async function listReadings(pool: CallbackPool, query: ReadingsQuery): Promise<ReadingsPage> {
  const { sort, order, limit } = query;
  const where = toWhere([...filterConditions(query), ...afterCursor(query)]);
  const sql = `SELECT ${readingColumns} FROM readings ${where.sql} ORDER BY ${sort} ${order}, seq ${order} LIMIT ?`;
  const [rows, total] = await Promise.all([
    selectRows<ReadingRow>(pool, { sql, values: [...where.values, limit + 1] }),
    countUpToLimit(pool, query),
  ]);
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    readings: page.map(toStoredReading),
    next_cursor: last ? formatCursor({ sort, order }, { value: last[sort], seq: last.seq }) : null,
    total,
    total_limit: totalLimit,
  };
}
