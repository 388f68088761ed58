import { type Incident, toDurationMs } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import type { Logger } from 'pino';
import { logFailures } from '../../log-failures.ts';
import { change, selectRows } from '../../storage/connection.ts';
import { fromSqlId, toSqlId } from '../../storage/sql-values.ts';
import { alertmanagerRepeatMs } from './messages/alerts.ts';
import { toKey } from './notification.ts';
import { toQuietDelayMs } from './quiet-hours.ts';
import { isReceiverOf, type Receiver } from './receivers.ts';

interface RepeatsOptions {
  pool: Pool;
  receivers: () => readonly Receiver[];
  /** Firing incidents that are not silenced, acknowledged ones among them. */
  listFiring: () => Promise<readonly Incident[]>;
  log: Logger;
  now: () => Date;
}

/**
 * Whether the incident is part of a repeat. An Alertmanager resolves alerts that are not sent again, and decides itself
 * whom it notifies.
 */
export function isRepeated({ alertmanager }: Receiver, { acknowledged }: Incident): boolean {
  return alertmanager !== undefined || acknowledged === null;
}

/**
 * Makes a function that plans a message about all firing incidents of a rule once the repeat interval has passed since the
 * last message of the rule to that receiver. It never rejects. A receiver that is new gets its first message.
 */
export function createRepeats({
  pool,
  receivers,
  listFiring,
  log,
  now,
}: RepeatsOptions): () => Promise<void> {
  async function planAll(): Promise<void> {
    const firing = await listFiring();
    for (const receiver of receivers()) {
      const relevant = firing.filter(
        (incident) => isRepeated(receiver, incident) && isReceiverOf(receiver, incident),
      );
      const byRule = new Map(relevant.map((incident) => [incident.rule, incident]));
      for (const incident of byRule.values()) await planRepeat(pool, receiver, { incident, now: now() });
    }
  }
  return logFailures(planAll, log, 'cannot repeat notifications');
}

interface LastRow {
  id: Buffer;
  state: 'waiting' | 'delivered' | 'failed';
  age_ms: number;
}

async function planRepeat(
  pool: Pool,
  receiver: Receiver,
  { incident: { rule, severity }, now }: { incident: Incident; now: Date },
): Promise<void> {
  if (toQuietDelayMs(now.getTime(), severity, receiver.quiet_hours) > 0) return;
  if (await hasPendingChanges(pool, receiver.name, rule)) return;
  const last = await findLast(pool, receiver.name, rule);
  if (last?.state === 'waiting' || (last && last.age_ms < toIntervalMs(receiver))) return;
  // Two processes that see the same last message plan the same repeat.
  const id = toKey('repeat', receiver.name, rule, last === undefined ? '' : fromSqlId(last.id));
  const sql = `INSERT INTO notifications (id, receiver, rule, kind) VALUES (?, ?, ?, 'repeat')
    ON DUPLICATE KEY UPDATE id = id`;
  await change(pool, { sql, values: [toSqlId(id), receiver.name, rule] });
}

function toIntervalMs({ alertmanager, repeat_interval }: Receiver): number {
  return alertmanager === undefined ? toDurationMs(repeat_interval) : alertmanagerRepeatMs;
}

async function hasPendingChanges(pool: Pool, receiver: string, rule: string): Promise<boolean> {
  const sql =
    'SELECT 1 FROM notification_outbox WHERE notification IS NULL AND receiver = ? AND rule = ? LIMIT 1';
  return (await selectRows(pool, { sql, values: [receiver, rule] })).length > 0;
}

async function findLast(pool: Pool, receiver: string, rule: string): Promise<LastRow | undefined> {
  const sql = `SELECT id, state, TIMESTAMPDIFF(MICROSECOND, created_at, NOW(3)) DIV 1000 AS age_ms
    FROM notifications WHERE receiver = ? AND rule = ? ORDER BY created_at DESC LIMIT 1`;
  const [row] = await selectRows<LastRow>(pool, { sql, values: [receiver, rule] });
  return row;
}
