import type { Pool } from 'mysql2/promise';
import type { Logger } from 'pino';
import { logFailures } from '../../log-failures.ts';
import {
  type Attempt,
  beginAttempt,
  deleteEarlierRepeats,
  deleteNotification,
  failExpired,
  listDueReceivers,
  markDelivered,
  markFailed,
  postpone,
} from './attempts.ts';
import { type IncidentSources, listIncidentsToSend } from './incidents-to-send.ts';
import { type Notification, toNotification } from './notification.ts';
import { formNotifications } from './outbox.ts';
import type { Outcome } from './post-json.ts';
import type { Receiver } from './receivers.ts';
import type { Send } from './send.ts';

interface DelivererOptions extends IncidentSources {
  receivers: () => readonly Receiver[];
  send: Send;
  externalUrl: string;
  log: Logger;
  now: () => Date;
}

export interface Deliverer {
  /** Forms the messages that are due, and starts to send to each receiver that is not being sent to. Never rejects. */
  deliver: () => Promise<void>;
  /** Resolves when nothing is being sent. */
  settle: () => Promise<void>;
  /** Begins no further attempts, and resolves when nothing is being sent. */
  stop: () => Promise<void>;
}

/** Delivers each message at least once, to all receivers at the same time, and to each receiver one after another. */
export function createDeliverer(options: DelivererOptions): Deliverer {
  const { pool, log } = options;
  const sending = new Map<string, Promise<void>>();
  let isStopped = false;

  async function sendDue(receiver: Receiver): Promise<void> {
    while (!isStopped) {
      const attempt = await beginAttempt(pool, receiver.name);
      if (attempt === undefined) return;
      await sendOne(receiver, attempt, options);
    }
  }

  async function start(): Promise<void> {
    if (isStopped) return;
    const receivers = options.receivers();
    await formNotifications(pool);
    // Before attempts begin: these skip rows that are locked.
    await failExpired(
      pool,
      receivers.map(({ name }) => name),
    );
    const due = await listDueReceivers(pool);
    for (const receiver of receivers) {
      const { name } = receiver;
      if (sending.has(name) || !due.has(name)) continue;
      const work = logFailures(() => sendDue(receiver), log, 'cannot deliver notifications');
      sending.set(
        name,
        work().finally(() => sending.delete(name)),
      );
    }
  }

  const settle = async (): Promise<void> => void (await Promise.all(sending.values()));
  return {
    deliver: logFailures(start, log, 'cannot deliver notifications'),
    settle,
    stop() {
      isStopped = true;
      return settle();
    },
  };
}

async function sendOne(receiver: Receiver, attempt: Attempt, options: DelivererOptions): Promise<void> {
  const { pool, send, externalUrl, log, now } = options;
  const incidents = await listIncidentsToSend(receiver, attempt, options);
  if (incidents.length === 0) return deleteNotification(pool, attempt);
  const { id, rule } = attempt;
  const nowMs = now().getTime();
  const notification = toNotification({ id, receiver: receiver.name, rule, incidents, externalUrl, nowMs });
  const outcome = await send(receiver, notification);
  if (outcome.kind === 'failed')
    log.warn({ receiver: receiver.name, rule, error: outcome.error }, 'a notification was refused');
  await storeOutcome(pool, attempt, { notification, outcome });
  if (attempt.kind === 'repeat' && receiver.alertmanager !== undefined)
    await deleteEarlierRepeats(pool, receiver.name, attempt);
}

async function storeOutcome(
  pool: Pool,
  attempt: Attempt,
  { notification, outcome }: { notification: Notification; outcome: Outcome },
): Promise<void> {
  const sent = { status: notification.status, incidents: notification.incidents.length };
  if (outcome.kind === 'delivered') await markDelivered(pool, attempt, sent);
  else if (outcome.kind === 'failed') await markFailed(pool, attempt, { ...sent, ...outcome });
  else await postpone(pool, attempt, { ...sent, ...outcome });
}
