import type { Connection, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { retryTransient } from '../../storage/connection.ts';
import { toSqlTime } from '../../storage/sql-values.ts';

const others = [
  ['silences', 'ends_at'],
  ['notifications', 'created_at'],
  ['notification_outbox', 'created_at'],
] as const;

interface RemovalOptions {
  /** Incidents that cleared before this, silences that ended and notifications that were made before it are removed. */
  before: Date;
  /** The maximum number of incidents or silences of one DELETE, which is a transaction of its own. */
  stepRows: number;
  /** Waits between two DELETEs, so that other transactions can proceed. */
  pause: () => Promise<void>;
}

/** Removes old incidents with their comments, silences and notifications. Resolves to the number of incidents. */
export async function removeExpiredIncidents(
  connection: Connection,
  { before, stepRows, pause }: RemovalOptions,
): Promise<number> {
  const time = toSqlTime(before.getTime());
  let removed = 0;
  for (;;) {
    const [rows] = await connection.query<RowDataPacket[]>(
      'SELECT id FROM incidents WHERE cleared_at < ? ORDER BY cleared_at LIMIT ?',
      [time, stepRows],
    );
    if (rows.length === 0) break;
    const ids = rows.map(({ id }) => id);
    await remove(connection, 'DELETE FROM incident_comments WHERE incident IN (?)', [ids]);
    removed += await remove(connection, 'DELETE FROM incidents WHERE id IN (?)', [ids]);
    await pause();
  }
  for (const [table, column] of others) {
    const sql = `DELETE FROM ${table} WHERE ${column} < ? ORDER BY ${column} LIMIT ?`;
    while ((await remove(connection, sql, [time, stepRows])) === stepRows) await pause();
  }
  return removed;
}

async function remove(connection: Connection, sql: string, values: readonly unknown[]): Promise<number> {
  const [{ affectedRows }] = await retryTransient(
    () => connection.query<ResultSetHeader>(sql, [...values]),
    Number.POSITIVE_INFINITY,
  );
  return affectedRows;
}
