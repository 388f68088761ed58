import type { IncidentsPage, IncidentsQuery } from '@sensor-sentinel/contracts';
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

/**
 * The incidents that overlap the window: firing ones first, then by the opening, newest first.
 * @throws ApiError `validation_failed` for an invalid cursor; StorageError `question_too_slow`
 */
export async function listIncidents(
  pool: Pool,
  type: LoadedType,
  query: IncidentsQuery,
): Promise<IncidentsPage> {
  const after = query.cursor === undefined ? [] : isBeyond(parseCursor(query.cursor));
  const sensors = await findSelectedKeys(pool, type.id, query);
  const filters = toFilters(type, query, sensors);
  const where = toWhere([...filters, ...after]);
  const sql = `${incidentColumns} FROM ${incidentTables} ${where.sql}
    ORDER BY firing DESC, opened_at DESC, incidents.id DESC LIMIT ?`;
  const values = [...where.values, query.limit + 1];
  const rows = await selectWithin<IncidentRow>(pool, { sql, values }, limitMs);
  const select: Select = (statement) => selectRows(pool, statement);
  const page = rows.slice(0, query.limit);
  const last = rows.length > query.limit ? page.at(-1) : undefined;
  return {
    incidents: await toIncidents(select, page),
    counts: await countFiring(select, filters),
    next_cursor: last ? encodeCursor([last.firing, last.opened_at, fromSqlId(last.id)]) : null,
  };
}

/** @param sensors the keys of sensors; undefined: all of the type */
function toFilters(
  type: LoadedType,
  { from, to, state, rule }: IncidentsQuery,
  sensors: readonly number[] | undefined,
): Condition[] {
  const hasEnded = 'COALESCE(resolved_at, cleared_at)';
  return [
    { sql: 'incidents.type = ?', values: [type.id] },
    ...(sensors ? [{ sql: 'incidents.sensor IN (?)', values: [[0, ...sensors]] }] : []),
    ...(state ? [{ sql: 'firing = ?', values: [state === 'firing' ? 1 : 0] }] : []),
    ...(rule === undefined ? [] : [{ sql: 'rule = ?', values: [rule] }]),
    ...(to === undefined ? [] : [{ sql: 'started_at < ?', values: [toSqlTimestamp(to)] }]),
    ...(from === undefined
      ? []
      : [{ sql: `(firing = 1 OR ${hasEnded} >= ?)`, values: [toSqlTimestamp(from)] }]),
  ];
}

async function countFiring(select: Select, filters: readonly Condition[]): Promise<IncidentsPage['counts']> {
  const where = toWhere([...filters, { sql: 'firing = 1', values: [] }]);
  const sql = `SELECT COUNT(*) AS firing, COUNT(*) - COUNT(acknowledged_at) AS unacknowledged
    FROM incidents ${where.sql}`;
  const [counts] = await select<IncidentsPage['counts']>({ sql, values: where.values });
  return counts ?? { firing: 0, unacknowledged: 0 };
}

const cursorSchema = z.tuple([z.union([z.literal(0), z.literal(1)]), sqlTimestampSchema, z.uuid()]);
type Place = z.infer<typeof cursorSchema>;

function parseCursor(cursor: string): Place {
  const parsed = cursorSchema.safeParse(decodeCursor(cursor));
  if (parsed.success) return parsed.data;
  throw toValidationError([{ path: 'cursor', message: 'expected the unchanged next_cursor of a page' }]);
}

function isBeyond([firing, openedAt, id]: Place): Condition[] {
  const sql = `(firing < ? OR (firing = ? AND (opened_at < ? OR (opened_at = ? AND incidents.id < ?))))`;
  return [{ sql, values: [firing, firing, openedAt, openedAt, toSqlId(id)] }];
}
