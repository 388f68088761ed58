import type { DeliveriesPage, DeliveriesQuery, Delivery } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { z } from 'zod';
import { toValidationError } from '../../http/parse-request.ts';
import { decodeCursor, encodeCursor, sqlTimestampSchema } from '../../storage/cursor.ts';
import { fromSqlId, fromSqlTimestamp, toSqlId } from '../../storage/sql-values.ts';
import { selectWithin } from '../../storage/time-limit.ts';
import { type Condition, toWhere } from '../../storage/where.ts';

const limitMs = 2000;
const columns =
  'id, receiver, rule, kind, state, status, incidents, created_at, ended_at, attempts, last_error';

interface DeliveryRow extends Omit<Delivery, 'id'> {
  id: Buffer;
}

/**
 * A page of messages, the newest first.
 * @throws ApiError `validation_failed` for an invalid cursor; StorageError `question_too_slow`
 */
export async function listDeliveries(
  pool: Pool,
  { receiver, state, limit, cursor }: DeliveriesQuery,
): Promise<DeliveriesPage> {
  const where = toWhere([
    ...(receiver === undefined ? [] : [{ sql: 'receiver = ?', values: [receiver] }]),
    ...(state === undefined ? [] : [{ sql: 'state = ?', values: [state] }]),
    ...(cursor === undefined ? [] : [isBeyond(cursor)]),
  ]);
  const sql = `${columns} FROM notifications ${where.sql} ORDER BY created_at DESC, id DESC LIMIT ?`;
  const rows = await selectWithin<DeliveryRow>(pool, { sql, values: [...where.values, limit + 1] }, limitMs);
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    deliveries: page.map(toDelivery),
    next_cursor: last ? encodeCursor([last.created_at, fromSqlId(last.id)]) : null,
  };
}

/**
 * The newest message of each receiver that has had one, by its name. The newest of each rule is found by the index alone.
 * @throws StorageError `question_too_slow`
 */
export async function findLatestDeliveries(pool: Pool): Promise<Map<string, Delivery>> {
  const sql = `${columns} FROM notifications JOIN (
      SELECT receiver, rule, MAX(created_at) AS created_at FROM notifications GROUP BY receiver, rule
    ) AS newest USING (receiver, rule, created_at) ORDER BY created_at, id`;
  const rows = await selectWithin<DeliveryRow>(pool, { sql }, limitMs);
  return new Map(rows.map((row) => [row.receiver, toDelivery(row)]));
}

function toDelivery({ id, created_at, ended_at, ...row }: DeliveryRow): Delivery {
  return {
    ...row,
    id: fromSqlId(id),
    created_at: fromSqlTimestamp(created_at),
    ended_at: ended_at === null ? null : fromSqlTimestamp(ended_at),
  };
}

const cursorSchema = z.tuple([sqlTimestampSchema, z.uuid()]);

function isBeyond(cursor: string): Condition {
  const parsed = cursorSchema.safeParse(decodeCursor(cursor));
  if (!parsed.success)
    throw toValidationError([{ path: 'cursor', message: 'expected the unchanged next_cursor of a page' }]);
  const [createdAt, id] = parsed.data;
  return {
    sql: '(created_at < ? OR (created_at = ? AND id < ?))',
    values: [createdAt, createdAt, toSqlId(id)],
  };
}
