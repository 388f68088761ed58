import { type Incident, isSilenced, type Silence, toAlertLabels } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { change, retryTransient, type Statement, selectRows } from '../../storage/connection.ts';
import { fromSqlId, toSqlId } from '../../storage/sql-values.ts';
import type { Attempt } from './attempts.ts';
import { isReceiverOf, type Receiver } from './receivers.ts';

/** Stands for a message that does not exist: a silence holds the change back. */
const heldBack = Buffer.alloc(16);

export interface IncidentSources {
  pool: Pool;
  fetchIncidents: (ids: readonly string[]) => Promise<readonly Incident[]>;
  /** All firing incidents, of one rule if it is given. */
  listFiring: (rule?: string) => Promise<readonly Incident[]>;
  listSilences: () => Promise<readonly Silence[]>;
}

/**
 * The incidents of a message, as they are now. The end of an incident is in one message only. If the incident has ended since an
 * earlier attempt, its end waits for another message: a receiver that has got that attempt may ignore this one, because it has the
 * same idempotency key. Incidents that a silence matches are left out, except that an Alertmanager still gets those that began before
 * the silence, since it resolves alerts that are not sent again.
 */
export async function listIncidentsToSend(
  receiver: Receiver,
  attempt: Attempt,
  sources: IncidentSources,
): Promise<readonly Incident[]> {
  const { pool } = sources;
  const incidents = await listIncidents(receiver, attempt, sources);
  const silenced = selectSilenced(incidents, await sources.listSilences());
  const ended = incidents.filter(hasEnded);
  const group = { receiver: receiver.name, rule: attempt.rule };
  if (attempt.kind === 'change') await holdBack(pool, attempt, [...silenced].filter(isFiring));
  if (attempt.kind === 'change' && attempt.attempts === 1)
    await takeEndings(pool, { ...group, attempt }, ended);
  const later = attempt.attempts === 1 ? [] : await putBack(pool, { ...group, attempt }, ended);
  const unsent = new Set([...(await listHeldBack(pool, group, incidents)), ...later]);
  const isMuted = (incident: Incident) => receiver.alertmanager === undefined && silenced.has(incident);
  return incidents.filter((incident) => !unsent.has(incident.id) && !isMuted(incident));
}

const isFiring = ({ state }: Incident) => state === 'firing';
const hasEnded = (incident: Incident) => !isFiring(incident);

export function selectSilenced(
  incidents: readonly Incident[],
  silences: readonly Silence[],
): ReadonlySet<Incident> {
  return new Set(incidents.filter((incident) => isSilenced(toAlertLabels(incident), silences)));
}

/**
 * Whether the incident is part of a repeat. An Alertmanager resolves alerts that are not sent again, and decides itself
 * whom it notifies.
 */
export function isRepeated(receiver: Receiver, incident: Incident): boolean {
  const isWanted = receiver.alertmanager !== undefined || incident.acknowledged === null;
  return isWanted && isReceiverOf(receiver, incident);
}

async function listIncidents(
  receiver: Receiver,
  { id, kind, rule }: Attempt,
  { pool, fetchIncidents, listFiring }: IncidentSources,
): Promise<readonly Incident[]> {
  if (kind === 'repeat') return (await listFiring(rule)).filter((incident) => isRepeated(receiver, incident));
  const sql = 'SELECT DISTINCT incident FROM notification_outbox WHERE notification = ?';
  const rows = await selectRows<{ incident: Buffer }>(pool, { sql, values: [toSqlId(id)] });
  return fetchIncidents(rows.map(({ incident }) => fromSqlId(incident)));
}

async function holdBack(pool: Pool, { id }: Attempt, incidents: readonly Incident[]): Promise<void> {
  if (incidents.length === 0) return;
  const sql = 'UPDATE notification_outbox SET notification = ? WHERE notification = ? AND incident IN (?)';
  await update(pool, { sql, values: [heldBack, toSqlId(id), toSqlIds(incidents)] });
}

/** Adds the changes of incidents that have ended since the message was formed, so that no other message reports them again. */
async function takeEndings(
  pool: Pool,
  { receiver, rule, attempt: { id } }: Group & { attempt: Attempt },
  incidents: readonly Incident[],
): Promise<void> {
  if (incidents.length === 0) return;
  const sql = `UPDATE notification_outbox SET notification = ?
    WHERE notification IS NULL AND receiver = ? AND rule = ? AND incident IN (?)`;
  await update(pool, { sql, values: [toSqlId(id), receiver, rule, toSqlIds(incidents)] });
}

/** Leaves incidents that have ended since an earlier attempt to the next message. Returns their ids. */
async function putBack(
  pool: Pool,
  { receiver, rule, attempt: { id } }: Group & { attempt: Attempt },
  incidents: readonly Incident[],
): Promise<string[]> {
  if (incidents.length === 0) return [];
  const select = `SELECT incident FROM notification_outbox
    WHERE notification IS NULL AND receiver = ? AND rule = ? AND incident IN (?)`;
  const values = [receiver, rule, toSqlIds(incidents)];
  const ended = await selectRows<{ incident: Buffer }>(pool, { sql: select, values });
  if (ended.length === 0) return [];
  const ids = ended.map(({ incident }) => incident);
  const sql = 'UPDATE notification_outbox SET notification = NULL WHERE notification = ? AND incident IN (?)';
  await update(pool, { sql, values: [toSqlId(id), ids] });
  return ids.map(fromSqlId);
}

interface Group {
  receiver: string;
  rule: string;
}

/** The ids of those of the incidents of which the receiver knows nothing because of a silence. */
async function listHeldBack(
  pool: Pool,
  { receiver, rule }: Group,
  incidents: readonly Incident[],
): Promise<ReadonlySet<string>> {
  if (incidents.length === 0) return new Set();
  const sql = `SELECT incident FROM notification_outbox
    WHERE notification = ? AND receiver = ? AND rule = ? AND incident IN (?)`;
  const values = [heldBack, receiver, rule, toSqlIds(incidents)];
  const rows = await selectRows<{ incident: Buffer }>(pool, { sql, values });
  return new Set(rows.map(({ incident }) => fromSqlId(incident)));
}

/** Makes what was held back a change of now. Call it with incidents that still fire, and that no silence matches any more. */
export async function releaseHeldBack(
  pool: Pool,
  { receiver, rule, delayMs }: Group & { delayMs: number },
  incidents: readonly Incident[],
): Promise<void> {
  if (incidents.length === 0) return;
  const sql = `UPDATE notification_outbox SET notification = NULL, created_at = NOW(3), delay_ms = ?
    WHERE notification = ? AND receiver = ? AND rule = ? AND incident IN (?)`;
  await update(pool, { sql, values: [delayMs, heldBack, receiver, rule, toSqlIds(incidents)] });
}

/** The transaction that stores incidents changes the same table. */
async function update(pool: Pool, statement: Statement): Promise<void> {
  await retryTransient(() => change(pool, statement));
}

function toSqlIds(incidents: readonly Incident[]): Buffer[] {
  return incidents.map(({ id }) => toSqlId(id));
}
