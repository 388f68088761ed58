import type { Pool } from 'mysql2/promise';
import { change, inTransaction, type Statement, selectRows } from '../../storage/connection.ts';
import { fromSqlId, toSqlId } from '../../storage/sql-values.ts';
import { shorten } from './notification.ts';

/** How long other processes leave a message alone after an attempt has begun. Longer than an attempt takes. */
export const leaseMs = 30_000;
const firstPauseMs = 5000;
const longestPauseMs = 15 * 60_000;
/** A message that is not delivered within this time fails. */
const giveUpMs = 24 * 3_600_000;

export interface Attempt {
  /** The id of the message. */
  id: string;
  rule: string;
  kind: 'change' | 'repeat';
  /** The number of this attempt, from 1 on. */
  attempts: number;
}

interface AttemptRow extends Omit<Attempt, 'id'> {
  id: Buffer;
}

/** The receivers for which a message is due. */
export async function listDueReceivers(pool: Pool): Promise<Set<string>> {
  const sql = "SELECT DISTINCT receiver FROM notifications WHERE state = 'waiting' AND next_at <= NOW(3)";
  const rows = await selectRows<{ receiver: string }>(pool, { sql });
  return new Set(rows.map(({ receiver }) => receiver));
}

/** Begins an attempt for the receiver's message that has waited longest, and leases it; undefined: nothing is due. */
export function beginAttempt(pool: Pool, receiver: string): Promise<Attempt | undefined> {
  return inTransaction(pool, async ({ select, change }) => {
    const sql = `SELECT id, rule, kind, attempts + 1 AS attempts FROM notifications
      WHERE state = 'waiting' AND receiver = ? AND next_at <= NOW(3)
      ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED`;
    const [row] = await select<AttemptRow>({ sql, values: [receiver] });
    if (row === undefined) return undefined;
    const lease = `UPDATE notifications SET attempts = attempts + 1,
      next_at = NOW(3) + INTERVAL ? MICROSECOND WHERE id = ?`;
    await change({ sql: lease, values: [leaseMs * 1000, row.id] });
    return { ...row, id: fromSqlId(row.id) };
  });
}

interface Sent {
  status: 'firing' | 'resolved';
  incidents: number;
}

export async function markDelivered(pool: Pool, { id }: Attempt, sent: Sent): Promise<void> {
  await change(pool, toEnd(id, { state: 'delivered', error: null, sent }));
}

/** For good. */
export async function markFailed(pool: Pool, { id }: Attempt, failure: Sent & { error: string }) {
  await change(pool, toEnd(id, { state: 'failed', error: failure.error, sent: failure }));
}

interface End {
  state: 'delivered' | 'failed';
  error: string | null;
  sent: Sent;
}

function toEnd(id: string, { state, error, sent: { status, incidents } }: End): Statement {
  const sql = `UPDATE notifications SET state = ?, last_error = ?, status = ?, incidents = ?, ended_at = NOW(3)
    WHERE id = ? AND state = 'waiting'`;
  return { sql, values: [state, toErrorText(error), status, incidents, toSqlId(id)] };
}

/** Tries again after a pause that doubles, unless another attempt has begun since. */
export async function postpone(
  pool: Pool,
  { id, attempts }: Attempt,
  failure: Sent & { error: string; retryAfterMs: number },
): Promise<void> {
  const waitedMs = Math.max(toPauseMs(attempts, Math.random()), failure.retryAfterMs);
  const pauseMs = Math.min(waitedMs, giveUpMs);
  const sql = `UPDATE notifications SET next_at = NOW(3) + INTERVAL ? MICROSECOND, last_error = ?, status = ?,
    incidents = ? WHERE id = ? AND attempts = ? AND state = 'waiting'`;
  const { error, status, incidents } = failure;
  const values = [Math.round(pauseMs * 1000), toErrorText(error), status, incidents, toSqlId(id), attempts];
  await change(pool, { sql, values });
}

/** Doubles from 5 s to 15 min. `random` in [0, 1) makes it up to a half shorter, so that retries spread. */
export function toPauseMs(attempts: number, random: number): number {
  return Math.min(longestPauseMs, firstPauseMs * 2 ** (attempts - 1)) * (1 - random / 2);
}

function toErrorText(error: string | null): string | null {
  return error === null ? null : shorten(error, 500);
}

/** A message about nothing, because its incidents are no longer stored, or none fires that would be repeated. */
export async function deleteNotification(pool: Pool, { id }: Attempt): Promise<void> {
  await change(pool, { sql: 'DELETE FROM notifications WHERE id = ?', values: [toSqlId(id)] });
}

/** The repeats to an Alertmanager before this one: there is one per minute. */
export async function deleteEarlierRepeats(pool: Pool, receiver: string, { id, rule }: Attempt) {
  const sql = `DELETE FROM notifications WHERE receiver = ? AND rule = ? AND kind = 'repeat' AND state = 'delivered'
    AND id <> ?`;
  await change(pool, { sql, values: [receiver, rule, toSqlId(id)] });
}

/** Ends messages that are too old: attempts have failed for a day, or the receiver no longer exists. */
export async function failExpired(pool: Pool, receivers: readonly string[]): Promise<void> {
  const sql = `UPDATE notifications SET state = 'failed', ended_at = NOW(3),
    last_error = COALESCE(last_error, 'the receiver does not exist')
    WHERE state = 'waiting' AND created_at < NOW(3) - INTERVAL ? SECOND AND next_at <= NOW(3)
      AND (attempts > 0 OR receiver NOT IN (?))`;
  await change(pool, { sql, values: [giveUpMs / 1000, ['', ...receivers]] });
}
