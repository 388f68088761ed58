import { type Incident, toDurationMs } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import type { Logger } from 'pino';
import { groupBy } from '../../group-by.ts';
import { logFailures } from '../../log-failures.ts';
import { change, selectRows } from '../../storage/connection.ts';
import { fromSqlId, toSqlId } from '../../storage/sql-values.ts';
import { type IncidentSources, isRepeated, releaseHeldBack, selectSilenced } from './incidents-to-send.ts';
import { alertmanagerRepeatMs } from './messages/alerts.ts';
import { toKey } from './notification.ts';
import { toDelayMs } from './outbox.ts';
import { toQuietDelayMs } from './quiet-hours.ts';
import { type Receiver, toQuietHours } from './receivers.ts';

interface RepeatsOptions extends Pick<IncidentSources, 'pool' | 'listFiring' | 'listSilences'> {
  receivers: () => readonly Receiver[];
  log: Logger;
  now: () => Date;
}

/**
 * Makes a function that plans a message about all firing incidents of a rule once the repeat interval has passed since the
 * last message of the rule to that receiver. It never rejects. A receiver that is new gets its first message. What a silence
 * held back is sent once the silence is over.
 */
export function createRepeats({
  pool,
  receivers,
  listFiring,
  listSilences,
  log,
  now,
}: RepeatsOptions): () => Promise<void> {
  async function planAll(): Promise<void> {
    const firing = await listFiring();
    const silenced = selectSilenced(firing, await listSilences());
    for (const receiver of receivers()) {
      const relevant = firing.filter((incident) => isRepeated(receiver, incident));
      for (const incidents of groupBy(relevant, ({ rule }) => rule).values())
        await planRule(pool, receiver, { incidents, silenced, now: now() });
    }
  }
  return logFailures(planAll, log, 'cannot repeat notifications');
}

interface Plan {
  /** Of one rule. */
  incidents: readonly Incident[];
  silenced: ReadonlySet<Incident>;
  now: Date;
}

async function planRule(pool: Pool, receiver: Receiver, { incidents, silenced, now }: Plan): Promise<void> {
  const audible = incidents.filter((incident) => !silenced.has(incident));
  const [first] = receiver.alertmanager === undefined ? audible : incidents;
  if (first === undefined) return;
  const { rule, severity } = first;
  const delayMs = toDelayMs(receiver, severity, now);
  await releaseHeldBack(pool, { receiver: receiver.name, rule, delayMs }, audible);
  if (toQuietDelayMs(now.getTime(), severity, toQuietHours(receiver)) === 0)
    await planRepeat(pool, receiver, rule);
}

interface LastRow {
  id: Buffer;
  state: 'waiting' | 'delivered' | 'failed';
  age_ms: number;
}

async function planRepeat(pool: Pool, receiver: Receiver, rule: string): Promise<void> {
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
