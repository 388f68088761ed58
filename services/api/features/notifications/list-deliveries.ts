import type { Pool } from 'mysql2/promise';
import { selectRows } from '../../storage/connection.ts';
import { fromSqlId, fromSqlTimestamp } from '../../storage/sql-values.ts';
import { toWhere } from '../../storage/where.ts';

/** A message, and what became of it. */
export interface Delivery {
  id: string;
  receiver: string;
  rule: string;
  /** A repeat is about all firing incidents of the rule. */
  kind: 'change' | 'repeat';
  state: 'waiting' | 'delivered' | 'failed';
  /** What it said at the last attempt; null before the first one. */
  status: 'firing' | 'resolved' | null;
  incidents: number;
  created_at: string;
  /** When it was delivered or failed; null while it waits. */
  ended_at: string | null;
  attempts: number;
  last_error: string | null;
}

interface DeliveryRow extends Omit<Delivery, 'id'> {
  id: Buffer;
}

/** The newest messages, of one receiver or of all. */
export async function listDeliveries(
  pool: Pool,
  { receiver, limit }: { receiver?: string | undefined; limit: number },
): Promise<Delivery[]> {
  const where = toWhere(receiver === undefined ? [] : [{ sql: 'receiver = ?', values: [receiver] }]);
  const sql = `SELECT id, receiver, rule, kind, state, status, incidents, created_at, ended_at, attempts, last_error
    FROM notifications ${where.sql} ORDER BY created_at DESC, id LIMIT ?`;
  const rows = await selectRows<DeliveryRow>(pool, { sql, values: [...where.values, limit] });
  return rows.map(({ id, created_at, ended_at, ...row }) => ({
    ...row,
    id: fromSqlId(id),
    created_at: fromSqlTimestamp(created_at),
    ended_at: ended_at === null ? null : fromSqlTimestamp(ended_at),
  }));
}
