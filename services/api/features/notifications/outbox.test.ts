import type { Incident, Silence } from '@sensor-sentinel/contracts';
import mysql, { type Pool } from 'mysql2/promise';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, onTestFinished, test } from 'vitest';
import { runTransaction } from '../../storage/connection.ts';
import { createPool } from '../../storage/pool.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import {
  clearedAt,
  createIncident,
  createReceiver,
  toIncidentId,
} from '../../testing/notification-fixtures.ts';
import { type HttpSink, startHttpSink } from '../../testing/start-http-sink.ts';
import { toPauseMs } from './attempts.ts';
import { createDeliverer, type Deliverer } from './deliverer.ts';
import { listDeliveries } from './list-deliveries.ts';
import { toOutboxStatements } from './outbox.ts';
import type { Receiver } from './receivers.ts';
import { createRepeats } from './repeats.ts';
import { createSend } from './send.ts';

const log = pino({ level: 'silent' });
const now = () => new Date('2026-03-01T12:30:00.000Z');

let database: TestDatabase;
let pool: Pool;
let admin: Pool;
/** What is stored, by id. */
let incidents: Map<string, Incident>;
let receivers: Receiver[];
let silences: Silence[];

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  pool = createPool({ databaseUrl: database.url, connections: 4, isWriting: true });
  admin = mysql.createPool({ uri: database.adminUrl, connectionLimit: 1 });
});

afterAll(async () => {
  await pool.end();
  await admin.end();
  await database.drop();
});

beforeEach(async () => {
  await admin.query('DELETE FROM notifications');
  await admin.query('DELETE FROM notification_outbox');
  incidents = new Map();
  receivers = [];
  silences = [];
});

const isKnown = (incident: Incident | undefined): incident is Incident => incident !== undefined;
const fetchIncidents = async (ids: readonly string[]) => ids.map((id) => incidents.get(id)).filter(isKnown);
const listFiring = async (rule?: string) =>
  [...incidents.values()].filter((one) => one.state === 'firing' && (rule ?? one.rule) === one.rule);
const listSilences = async () => silences;

function openDeliverer(timeoutMs = 5000): Deliverer {
  const send = createSend({ smtpUrl: undefined, allowPrivateReceivers: false, timeoutMs });
  const externalUrl = 'https://sensors.example';
  const sources = { pool, fetchIncidents, listFiring, listSilences };
  return createDeliverer({ ...sources, receivers: () => receivers, send, externalUrl, log, now });
}

const plan = () => createRepeats({ pool, receivers: () => receivers, listFiring, listSilences, log, now })();

/** A receiver with the name, and the server to which its messages go. */
async function openReceiver(
  name: string,
  { answer, ...settings }: Partial<Receiver> & { answer?: Parameters<typeof startHttpSink>[0] } = {},
): Promise<HttpSink> {
  const sink = await startHttpSink(answer);
  onTestFinished(sink.stop);
  receivers.push(createReceiver({ name, slack: { url: sink.url }, ...settings }));
  return sink;
}

/** Stores incidents and their changes, as the evaluation does. */
async function store(changed: readonly Incident[]): Promise<void> {
  for (const incident of changed) incidents.set(incident.id, incident);
  await runTransaction(pool, toOutboxStatements(changed, receivers, now()));
}

async function deliver(deliverer = openDeliverer()): Promise<void> {
  await deliverer.deliver();
  await deliverer.settle();
}

/** Makes what waits due, as if the time had passed. */
const skipPause = () => admin.query("UPDATE notifications SET next_at = NOW(3) WHERE state = 'waiting'");
const age = (hours: number) =>
  admin.query('UPDATE notifications SET created_at = created_at - INTERVAL ? HOUR', [hours]);

const list = async (receiver?: string) => (await listDeliveries(pool, { receiver, limit: 10 })).deliveries;

const titlesOf = ({ requests }: HttpSink) => requests.map(({ body }) => JSON.parse(body).text);
const keysOf = ({ requests }: HttpSink) => requests.map(({ headers }) => headers['idempotency-key']);
const clear = (number: number) => createIncident(number, { state: 'cleared', cleared_at: clearedAt });

describe('the outbox', () => {
  test('notifies of a change once, however often it is stored', async () => {
    const sink = await openReceiver('one');
    await store([createIncident(1)]);
    await deliver();
    await store([createIncident(1)]);
    await deliver();
    expect(titlesOf(sink)).toEqual(['[FIRING:1] Too warm — press-1']);
  });

  test('is part of the transaction that stores the change', async () => {
    await openReceiver('one');
    const statements = toOutboxStatements([createIncident(1)], receivers, now());
    await expect(runTransaction(pool, [...statements, { sql: 'SELECT wrong' }])).rejects.toThrow('wrong');
    await deliver();
    expect(await list()).toEqual([]);
  });

  test('has one message for all incidents of a rule', async () => {
    const sink = await openReceiver('one');
    await store(Array.from({ length: 5000 }, (_, index) => createIncident(index + 1)));
    await store([createIncident(6000, { rule: 'Silent' })]);
    await deliver();
    expect(titlesOf(sink).sort()).toEqual([
      '[FIRING:1] Silent — press-6000',
      expect.stringMatching(/^\[FIRING:5000\] Too warm — press-\d+, press-\d+, press-\d+ and 4997 more$/),
    ]);
  });

  test('sends to the receivers of the rule and severity only, and not what is resolved unless wanted', async () => {
    const all = await openReceiver('all');
    const critical = await openReceiver('critical', { severities: ['critical'] });
    const silent = await openReceiver('silent', { rules: 'Silent' });
    const firing = await openReceiver('firing', { send_resolved: false });
    await store([createIncident(1)]);
    await deliver();
    await store([clear(1)]);
    await deliver();
    const both = ['[FIRING:1] Too warm — press-1', '[RESOLVED:1] Too warm — press-1'];
    expect([all, critical, silent, firing].map(titlesOf)).toEqual([both, [], [], both.slice(0, 1)]);
  });

  test('waits for other incidents of the rule', async () => {
    const sink = await openReceiver('one', { group_wait: '30s' });
    await store([createIncident(1)]);
    await store([createIncident(2)]);
    await deliver();
    expect(sink.requests).toEqual([]);
    const first = `UPDATE notification_outbox SET created_at = created_at - INTERVAL 30 SECOND ORDER BY incident LIMIT 1`;
    await admin.query(first);
    await deliver();
    expect(titlesOf(sink)).toEqual([expect.stringMatching(/^\[FIRING:2\]/)]);
  });

  test('waits until quiet hours are over', async () => {
    const quiet_hours = [{ from: '12:00', to: '13:00', timezone: 'UTC', critical_anyway: false }];
    const sink = await openReceiver('one', { quiet_hours });
    await store([createIncident(1)]);
    await deliver();
    expect(sink.requests).toEqual([]);
    const [rows] = await admin.query('SELECT delay_ms FROM notification_outbox');
    expect(rows).toEqual([{ delay_ms: 1_800_000 }]);
  });

  test('does not wait for an Alertmanager to become quiet', async () => {
    const sink = await startHttpSink();
    onTestFinished(sink.stop);
    const quiet_hours = [{ from: '12:00', to: '13:00', timezone: 'UTC', critical_anyway: false }];
    receivers = [createReceiver({ name: 'am', alertmanager: { url: sink.url }, quiet_hours })];
    await store([createIncident(1)]);
    await deliver();
    await age(1);
    await plan();
    await deliver();
    expect(sink.requests).toHaveLength(2);
  });

  test('collects changes while the receiver is unavailable, and keeps their order', async () => {
    const sink = await openReceiver('one', { answer: (count) => ({ status: count === 1 ? 503 : 200 }) });
    await store([createIncident(1)]);
    await deliver();
    await store([createIncident(2)]);
    await store([createIncident(3)]);
    await deliver();
    expect(sink.requests).toHaveLength(1);
    await skipPause();
    await deliver();
    await deliver();
    expect(titlesOf(sink).slice(1)).toEqual([
      '[FIRING:1] Too warm — press-1',
      expect.stringMatching(/^\[FIRING:2\] Too warm — press-[23], press-[23]$/),
    ]);
  });
});

describe('createDeliverer', () => {
  test('tries again with the same key until the receiver accepts', async () => {
    const sink = await openReceiver('one', { answer: (count) => ({ status: count < 3 ? 500 : 200 }) });
    await store([createIncident(1)]);
    for (let count = 0; count < 4; count++) {
      await deliver();
      await skipPause();
    }
    expect(new Set(keysOf(sink)).size).toBe(1);
    expect(await list('one')).toMatchObject([
      {
        id: keysOf(sink)[0],
        state: 'delivered',
        attempts: 3,
        status: 'firing',
        incidents: 1,
        last_error: null,
      },
    ]);
  });

  test('waits as long as Retry-After says', async () => {
    await openReceiver('one', { answer: () => ({ status: 429, headers: { 'retry-after': '3000' } }) });
    await store([createIncident(1)]);
    await deliver();
    const sql = 'SELECT TIMESTAMPDIFF(MINUTE, NOW(3), next_at) AS minutes FROM notifications';
    expect((await admin.query(sql))[0]).toEqual([{ minutes: 49 }]);
  });

  test('gives up at once when the receiver refuses the message', async () => {
    const sink = await openReceiver('one', { answer: () => ({ status: 400, body: 'invalid_payload' }) });
    await store([createIncident(1)]);
    await deliver();
    await deliver();
    expect(sink.requests).toHaveLength(1);
    expect(await list()).toMatchObject([
      {
        state: 'failed',
        attempts: 1,
        last_error: 'answered 400: invalid_payload',
        ended_at: expect.any(String),
      },
    ]);
  });

  test('gives up after a day, also on receivers that no longer exist', async () => {
    await openReceiver('removed');
    await store([createIncident(1)]);
    receivers = [];
    await openReceiver('failing', { answer: () => ({ status: 500 }) });
    await store([createIncident(2)]);
    await deliver();
    await skipPause();
    await age(25);
    receivers = receivers.map((receiver) => ({ ...receiver, name: 'other' }));
    await deliver();
    const found = await list();
    const errors = found.map(({ receiver, state, last_error }) => [receiver, state, last_error]);
    expect(errors.sort()).toEqual([
      ['failing', 'failed', 'answered 500'],
      ['removed', 'failed', 'the receiver does not exist'],
    ]);
  });

  test('does not delay a receiver because of another one', async () => {
    const hanging = await openReceiver('hanging', { answer: () => undefined });
    const working = await openReceiver('working');
    const deliverer = openDeliverer(60_000);
    await store([createIncident(1)]);
    await deliverer.deliver();
    await expect.poll(() => [hanging, working].map(({ requests }) => requests.length)).toEqual([1, 1]);
    await store([createIncident(2)]);
    await expect
      .poll(async () => {
        await deliverer.deliver();
        return working.requests.length;
      })
      .toBe(2);
    expect(hanging.requests).toHaveLength(1);
    await hanging.stop();
    await deliverer.settle();
  });

  test('delivers each message once by two processes', async () => {
    const sinks = [await openReceiver('one'), await openReceiver('two')];
    const deliverers = [openDeliverer(), openDeliverer()];
    for (let number = 1; number <= 20; number++) {
      await store([createIncident(number, { rule: `Rule ${number % 4}` })]);
      await Promise.all(deliverers.map((deliverer) => deliverer.deliver()));
    }
    await expect
      .poll(async () => {
        await Promise.all(deliverers.map((deliverer) => deliver(deliverer)));
        const [rows] = await admin.query<mysql.RowDataPacket[]>(
          'SELECT COUNT(*) AS pending FROM notification_outbox WHERE notification IS NULL',
        );
        return rows[0]?.pending;
      })
      .toBe(0);
    for (const sink of sinks) {
      const counted = titlesOf(sink).reduce((sum, title) => sum + Number(/FIRING:(\d+)/.exec(title)?.[1]), 0);
      expect(counted).toBe(20);
      expect(new Set(keysOf(sink)).size).toBe(sink.requests.length);
    }
  });

  test('delivers again, with the same key, what a process did not mark before it died', async () => {
    const sink = await openReceiver('one');
    await store([createIncident(1)]);
    await deliver();
    // As after the request, before its outcome was stored.
    await admin.query("UPDATE notifications SET state = 'waiting', next_at = NOW(3) + INTERVAL 30 SECOND");
    await deliver();
    expect(sink.requests).toHaveLength(1);
    await skipPause();
    await deliver();
    expect(keysOf(sink)).toEqual([keysOf(sink)[0], keysOf(sink)[0]]);
    expect(await list()).toMatchObject([{ state: 'delivered', attempts: 2 }]);
  });

  test('shows an incident that was cleared before it was sent as resolved', async () => {
    const sink = await openReceiver('one');
    await store([createIncident(1)]);
    await store([clear(1)]);
    await deliver();
    expect(titlesOf(sink)).toEqual(['[RESOLVED:1] Too warm — press-1']);
  });

  test('reports the end of an incident once, under another key than what an earlier attempt said of it', async () => {
    const sink = await openReceiver('one', { answer: (count) => ({ status: count === 1 ? 503 : 200 }) });
    await store([createIncident(1), createIncident(2)]);
    await deliver();
    await store([clear(1)]);
    await skipPause();
    await deliver();
    await store([clear(2)]);
    await deliver();
    await deliver();
    expect(titlesOf(sink).slice(1)).toEqual([
      '[FIRING:1] Too warm — press-2',
      expect.stringMatching(/^\[RESOLVED:2\] Too warm — press-[12], press-[12]$/),
    ]);
    const [first, second, third] = keysOf(sink);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  test('sends the end to a receiver that ignores a key that it knows', async () => {
    const sink = await openReceiver('one');
    await store([createIncident(1)]);
    await deliver();
    // As after the request, before its outcome was stored.
    await admin.query("UPDATE notifications SET state = 'waiting'");
    await store([clear(1)]);
    await skipPause();
    await deliver();
    await deliver();
    expect(titlesOf(sink)).toEqual(['[FIRING:1] Too warm — press-1', '[RESOLVED:1] Too warm — press-1']);
    expect(new Set(keysOf(sink)).size).toBe(2);
  });

  test('begins no attempts after the stop', async () => {
    const sink = await openReceiver('one');
    await store([createIncident(1)]);
    const deliverer = openDeliverer();
    await deliverer.stop();
    await deliver(deliverer);
    expect(sink.requests).toEqual([]);
  });

  test('never rejects', async () => {
    const deliverer = createDeliverer({
      pool: createPool({ databaseUrl: 'mysql://nobody@127.0.0.1:1/none', connections: 1, isWriting: true }),
      receivers: () => receivers,
      fetchIncidents,
      listFiring,
      listSilences,
      send: createSend({ smtpUrl: undefined, allowPrivateReceivers: false }),
      externalUrl: '',
      log,
      now,
    });
    await expect(deliverer.deliver()).resolves.toBeUndefined();
  });
});

describe('createRepeats', () => {
  test('repeats firing incidents that nobody has acknowledged', async () => {
    const sink = await openReceiver('one');
    await store([createIncident(1), createIncident(2), createIncident(3)]);
    await deliver();
    incidents.set(
      toIncidentId(2),
      createIncident(2, { acknowledged: { at: clearedAt, by: 'Ann', comment: '' } }),
    );
    incidents.set(toIncidentId(3), clear(3));
    await plan();
    await deliver();
    expect(sink.requests).toHaveLength(1);
    await age(4);
    await Promise.all([plan(), plan()]);
    await deliver();
    await plan();
    await deliver();
    expect(titlesOf(sink).slice(1)).toEqual(['[FIRING:1] Too warm — press-1']);
    expect((await list())[0]).toMatchObject({ kind: 'repeat', incidents: 1 });
  });

  test('says nothing when all are cleared by then', async () => {
    const sink = await openReceiver('one', { send_resolved: false });
    await store([createIncident(1)]);
    await deliver();
    await age(4);
    await plan();
    await store([clear(1)]);
    await deliver();
    expect(sink.requests).toHaveLength(1);
    expect(await list()).toHaveLength(1);
  });

  test('waits for changes and in quiet hours', async () => {
    const quiet_hours = [{ from: '12:00', to: '13:00', timezone: 'UTC', critical_anyway: false }];
    await openReceiver('quiet', { quiet_hours });
    await openReceiver('waiting', { group_wait: '1h' });
    await store([createIncident(1)]);
    await plan();
    expect(await list()).toEqual([]);
  });

  test('notifies a new receiver of what fires', async () => {
    await store([createIncident(1)]);
    const sink = await openReceiver('new');
    await plan();
    await deliver();
    expect(titlesOf(sink)).toEqual(['[FIRING:1] Too warm — press-1']);
  });

  test('sends acknowledged alerts to an Alertmanager each minute, and keeps the last repeat', async () => {
    const sink = await startHttpSink();
    onTestFinished(sink.stop);
    receivers = [createReceiver({ name: 'am', alertmanager: { url: sink.url } })];
    await store([createIncident(1, { acknowledged: { at: clearedAt, by: 'Ann', comment: '' } })]);
    await deliver();
    for (let count = 0; count < 3; count++) {
      await age(1);
      await plan();
      await deliver();
    }
    expect(sink.requests).toHaveLength(4);
    const found = await list('am');
    expect(found.map(({ kind }) => kind)).toEqual(['repeat', 'change']);
  });
});

describe('silences', () => {
  const silence: Silence = {
    id: toIncidentId(500),
    matchers: [
      { name: 'alertname', value: 'Too warm', isRegex: false, isEqual: true },
      { name: 'sensor', value: 'press-1', isRegex: false, isEqual: true },
      { name: 'sensor_type', value: 'climate', isRegex: false, isEqual: true },
      { name: 'severity', value: 'warning|critical', isRegex: true, isEqual: true },
      { name: 'team', value: 'cooling', isRegex: false, isEqual: true },
    ],
    starts_at: '2026-03-01T12:00:00.000Z',
    ends_at: '2026-03-01T13:00:00.000Z',
    created_by: 'Ann',
    comment: 'maintenance',
    state: 'active',
  };

  test('keep incidents out of messages, and their end too', async () => {
    const sink = await openReceiver('one');
    silences = [silence];
    await store([createIncident(1), createIncident(2)]);
    await deliver();
    silences = [];
    await store([clear(1), clear(2)]);
    await deliver();
    expect(titlesOf(sink)).toEqual(['[FIRING:1] Too warm — press-2', '[RESOLVED:1] Too warm — press-2']);
  });

  test('send nothing if they match all incidents of a message', async () => {
    const sink = await openReceiver('one');
    silences = [silence];
    await store([createIncident(1)]);
    await deliver();
    await store([clear(1)]);
    await deliver();
    expect(sink.requests).toEqual([]);
    expect(await list()).toEqual([]);
  });

  test('stop repeats', async () => {
    const sink = await openReceiver('one');
    await store([createIncident(1), createIncident(2)]);
    await deliver();
    await age(4);
    silences = [silence];
    await plan();
    await deliver();
    expect(titlesOf(sink).slice(1)).toEqual(['[FIRING:1] Too warm — press-2']);
  });

  test('are followed by a message about what still fires', async () => {
    const sink = await openReceiver('one');
    silences = [silence];
    await store([createIncident(1), createIncident(2)]);
    await deliver();
    silences = [];
    await Promise.all([plan(), plan()]);
    await deliver();
    await plan();
    await deliver();
    await store([clear(1)]);
    await deliver();
    expect(titlesOf(sink)).toEqual([
      '[FIRING:1] Too warm — press-2',
      '[FIRING:1] Too warm — press-1',
      '[RESOLVED:1] Too warm — press-1',
    ]);
  });

  test('do not make an Alertmanager resolve what it has got, and keep the rest from it', async () => {
    const sink = await startHttpSink();
    onTestFinished(sink.stop);
    receivers = [createReceiver({ name: 'am', alertmanager: { url: sink.url } })];
    await store([createIncident(1)]);
    await deliver();
    silences = [{ ...silence, matchers: silence.matchers.slice(0, 1) }];
    await store([createIncident(2)]);
    await deliver();
    await age(1);
    await plan();
    await deliver();
    await store([clear(1), clear(2)]);
    await deliver();
    const sensorsOf = ({ body }: { body: string }) =>
      (JSON.parse(body) as { labels: { sensor: string } }[]).map(({ labels }) => labels.sensor);
    expect(sink.requests.map(sensorsOf)).toEqual([['press-1'], ['press-1'], ['press-1']]);
  });
});

test('pauses double up to 15 minutes, less up to a half', () => {
  expect([1, 2, 3, 20].map((attempts) => toPauseMs(attempts, 0))).toEqual([5000, 10_000, 20_000, 900_000]);
  expect(toPauseMs(1, 0.5)).toBe(3750);
});
