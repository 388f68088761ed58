import {
  type IncidentSort,
  type IncidentsPage,
  type IncidentsQuery,
  toDurationMs,
} from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { z } from 'zod';
import { toValidationError } from '../../http/parse-request.ts';
import { type Select, selectRows } from '../../storage/connection.ts';
import { decodeCursor, encodeCursor, sqlTimestampSchema } from '../../storage/cursor.ts';
import { fromSqlId, toSqlId, toSqlTimestamp } from '../../storage/sql-values.ts';
import { selectWithin } from '../../storage/time-limit.ts';
import { type Condition, toWhere } from '../../storage/where.ts';
import { findSelectedKeys } from '../statistics/select-segments.ts';
import type { LoadedType } from '../types/sensor-type.ts';
import { type IncidentRow, incidentColumns, incidentTables, toIncidents } from './incident-rows.ts';

const limitMs = 2000;

const endedAt = 'COALESCE(resolved_at, cleared_at)';
/** In ms. Firing incidents are only compared with one another: any common end gives their order. */
const length = `TIMESTAMPDIFF(MICROSECOND, started_at, COALESCE(${endedAt}, '2100-01-01')) DIV 1000`;

/** What a sort orders by before `opened_at`. */
const sortKeys: Readonly<Record<IncidentSort, string>> = {
  opened: '0',
  length,
  readings: 'readings',
  peak: 'COALESCE(peak_score, -1)',
};

/**
 * The incidents that overlap the window: firing ones first, then in the order of the query.
 * @throws ApiError `validation_failed` for an invalid cursor; StorageError `question_too_slow`
 */
export async function listIncidents(
  pool: Pool,
  type: LoadedType,
  query: IncidentsQuery,
): Promise<IncidentsPage> {
  const after = query.cursor === undefined ? [] : isBeyond(query, parseCursor(query.cursor, query));
  const sensors = await findSelectedKeys(pool, type.id, query);
  const filters = toFilters(type, query, sensors);
  const long = query.min_length === undefined ? [] : [isShort(query.min_length, 'NOT')];
  const where = toWhere([...filters, ...long, ...after]);
  const key = sortKeys[query.sort];
  const order = [...(query.sort === 'opened' ? [] : [key]), 'opened_at', 'incidents.id'];
  const sql = `${key} AS sort_key, ${incidentColumns} FROM ${incidentTables} ${where.sql}
    ORDER BY firing DESC, ${order.map((column) => `${column} ${query.order}`).join(', ')} LIMIT ?`;
  const values = [...where.values, query.limit + 1];
  const rows = await selectWithin<PlacedRow>(pool, { sql, values }, limitMs);
  const select: Select = (statement) => selectRows(pool, statement);
  const page = rows.slice(0, query.limit);
  const last = rows.length > query.limit ? page.at(-1) : undefined;
  return {
    incidents: await toIncidents(select, page),
    counts: {
      ...(await countFiring(select, filters)),
      short: query.min_length === undefined ? 0 : await countShort(pool, filters, query.min_length),
    },
    next_cursor: last ? toCursor(query, last) : null,
  };
}

interface PlacedRow extends IncidentRow {
  sort_key: number;
}

/** @param sensors the keys of sensors; undefined: all of the type */
function toFilters(
  type: LoadedType,
  { from, to, state, rule }: IncidentsQuery,
  sensors: readonly number[] | undefined,
): Condition[] {
  return [
    { sql: 'incidents.type = ?', values: [type.id] },
    ...(sensors ? [{ sql: 'incidents.sensor IN (?)', values: [[0, ...sensors]] }] : []),
    ...(state ? [{ sql: 'firing = ?', values: [state === 'firing' ? 1 : 0] }] : []),
    ...(rule === undefined ? [] : [{ sql: 'rule = ?', values: [rule] }]),
    ...(to === undefined ? [] : [{ sql: 'started_at < ?', values: [toSqlTimestamp(to)] }]),
    ...(from === undefined
      ? []
      : [{ sql: `(firing = 1 OR ${endedAt} >= ?)`, values: [toSqlTimestamp(from)] }]),
  ];
}

/** Incidents that ended sooner, and that no person has said anything about. */
function isShort(minLength: string, not: 'NOT' | ''): Condition {
  const sql = `${not} (firing = 0 AND acknowledged_at IS NULL AND resolved_at IS NULL AND feedback IS NULL AND ${length} < ?)`;
  return { sql, values: [toDurationMs(minLength)] };
}

type Counts = Pick<IncidentsPage['counts'], 'firing' | 'unacknowledged'>;

async function countFiring(select: Select, filters: readonly Condition[]): Promise<Counts> {
  const where = toWhere([...filters, { sql: 'firing = 1', values: [] }]);
  const sql = `SELECT COUNT(*) AS firing, COUNT(*) - COUNT(acknowledged_at) AS unacknowledged
    FROM incidents ${where.sql}`;
  const [counts] = await select<Counts>({ sql, values: where.values });
  return counts ?? { firing: 0, unacknowledged: 0 };
}

async function countShort(pool: Pool, filters: readonly Condition[], minLength: string): Promise<number> {
  const where = toWhere([...filters, isShort(minLength, '')]);
  const sql = `COUNT(*) AS short FROM incidents ${where.sql}`;
  const [counted] = await selectWithin<{ short: number }>(pool, { sql, values: where.values }, limitMs);
  return counted?.short ?? 0;
}

type Sorting = Pick<IncidentsQuery, 'sort' | 'order'>;

const placeSchema = z.tuple([
  z.union([z.literal(0), z.literal(1)]),
  z.number(),
  sqlTimestampSchema,
  z.uuid(),
]);
type Place = z.infer<typeof placeSchema>;

function toCursor({ sort, order }: Sorting, { firing, sort_key, opened_at, id }: PlacedRow): string {
  const place: Place = [firing, sort_key, opened_at, fromSqlId(id)];
  return encodeCursor([sort, order, place]);
}

function parseCursor(cursor: string, { sort, order }: Sorting): Place {
  const parsed = z.tuple([z.literal(sort), z.literal(order), placeSchema]).safeParse(decodeCursor(cursor));
  if (parsed.success) return parsed.data[2];
  const message = `expected the unchanged next_cursor of a page sorted by ${sort} ${order}`;
  throw toValidationError([{ path: 'cursor', message }]);
}

function isBeyond({ sort, order }: Sorting, [firing, value, openedAt, id]: Place): Condition[] {
  const beyond = order === 'desc' ? '<' : '>';
  const [key, opened] = [
    sortKeys[sort],
    `(opened_at ${beyond} ? OR (opened_at = ? AND incidents.id ${beyond} ?))`,
  ];
  const openedValues = [openedAt, openedAt, toSqlId(id)];
  const keyed =
    sort === 'opened'
      ? { sql: opened, values: openedValues }
      : {
          sql: `(${key} ${beyond} ? OR (${key} = ? AND ${opened}))`,
          values: [value, value, ...openedValues],
        };
  return [
    { sql: `(firing < ? OR (firing = ? AND ${keyed.sql}))`, values: [firing, firing, ...keyed.values] },
  ];
}
