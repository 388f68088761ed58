import { randomUUID } from 'node:crypto';
import { type Severity, toDurationMs } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { inTransaction, type Statement, selectRows } from '../../storage/connection.ts';
import { toSqlId } from '../../storage/sql-values.ts';
import type { IncidentChange } from '../incidents/incident-changes.ts';
import { toKey } from './notification.ts';
import { toQuietDelayMs } from './quiet-hours.ts';
import { isReceiverOf, type Receiver, toQuietHours } from './receivers.ts';

const maxDelayMs = 7 * 86_400_000;

/**
 * The statements that belong in the transaction that stores the changes. If a change is stored again, also by another process,
 * its receivers are not notified again.
 */
export function toOutboxStatements(
  changes: readonly IncidentChange[],
  receivers: readonly Receiver[],
  now: Date,
): Statement[] {
  const rows = receivers.flatMap((receiver) =>
    changes
      .filter((change) => isReceiverOf(receiver, change))
      .filter(({ state }) => state === 'firing' || receiver.send_resolved)
      .map((change) => toOutboxRow(receiver, change, now)),
  );
  if (rows.length === 0) return [];
  const sql = `INSERT INTO notification_outbox (change_key, receiver, rule, incident, delay_ms) VALUES ?
    ON DUPLICATE KEY UPDATE change_key = change_key`;
  return [{ sql, values: [rows] }];
}

function toOutboxRow(receiver: Receiver, { id, rule, severity, state }: IncidentChange, now: Date) {
  const key = toKey(receiver.name, rule, id, state);
  return [toSqlId(key), receiver.name, rule, toSqlId(id), toDelayMs(receiver, severity, now)];
}

/** How long a change waits for others of its rule, and until quiet hours are over. */
export function toDelayMs(receiver: Receiver, severity: Severity, now: Date): number {
  const waitMs = toDurationMs(receiver.group_wait);
  const quietMs = toQuietDelayMs(now.getTime() + waitMs, severity, toQuietHours(receiver));
  return Math.min(maxDelayMs, waitMs + quietMs);
}

interface GroupRow {
  receiver: string;
  rule: string;
}

/**
 * Puts all changes of a rule for a receiver into one message when the first of them is due. Changes wait while an earlier
 * message of the group does: thus messages are few while a receiver is unavailable, and arrive in order.
 */
export async function formNotifications(pool: Pool): Promise<void> {
  const sql = `SELECT receiver, rule FROM notification_outbox AS changes WHERE notification IS NULL
    AND NOT EXISTS (SELECT 1 FROM notifications WHERE state = 'waiting' AND receiver = changes.receiver
      AND rule = changes.rule)
    GROUP BY receiver, rule HAVING MIN(created_at + INTERVAL delay_ms * 1000 MICROSECOND) <= NOW(3)`;
  for (const group of await selectRows<GroupRow>(pool, { sql })) await formNotification(pool, group);
}

/** If two processes do this at the same time, one of them finds no rows that are left. */
function formNotification(pool: Pool, { receiver, rule }: GroupRow): Promise<void> {
  const id = toSqlId(randomUUID());
  return inTransaction(pool, async ({ change }) => {
    const sql =
      'UPDATE notification_outbox SET notification = ? WHERE notification IS NULL AND receiver = ? AND rule = ?';
    if ((await change({ sql, values: [id, receiver, rule] })) === 0) return;
    const insert = "INSERT INTO notifications (id, receiver, rule, kind) VALUES (?, ?, ?, 'change')";
    await change({ sql: insert, values: [id, receiver, rule] });
  });
}
