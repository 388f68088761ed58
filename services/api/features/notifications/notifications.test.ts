import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { incidentsPageSchema } from '@sensor-sentinel/contracts';
import { createConnection } from 'mysql2/promise';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { type HttpSink, startHttpSink } from '../../testing/start-http-sink.ts';
import { startMailSink } from '../../testing/start-mail-sink.ts';
import { startTestApi, type TestApi } from '../../testing/start-test-api.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const normal = { temperature: 24, humidity: 52, sound_volume: 60 };
const anomaly = { temperature: 19.5, humidity: 41, sound_volume: 99 };
const waiting = { timeout: 30_000, interval: 50 };

let database: TestDatabase;
let api: TestApi;
let webhooks: HttpSink;
let chat: HttpSink;
let mailSink: Awaited<ReturnType<typeof startMailSink>>;
let directory: string;

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  [webhooks, chat, mailSink] = await Promise.all([startHttpSink(), startHttpSink(), startMailSink()]);
  directory = await mkdtemp(join(tmpdir(), 'notifications-'));
  const file = join(directory, 'rules.yaml');
  await writeFile(
    file,
    `receivers:
  - name: Own program
    webhook: { url: '${webhooks.url}/hook', secret: '${secret}' }
  - name: Mail
    email: { to: [plant@example.com] }
  - name: Chat
    slack: { url: '${chat.url}' }
    repeat_interval: 1ms
`,
  );
  api = await startTestApi({
    databaseUrl: database.url,
    settings: {
      RULES_FILE: file,
      SMTP_URL: mailSink.smtpUrl,
      EXTERNAL_URL: 'https://sensors.example/',
      ALLOW_PRIVATE_RECEIVERS: 'true',
    },
    config: { deliveryIntervalMs: 50, repeatsIntervalMs: 50 },
  });
  await waitForEvaluation();
});

/** Readings that are stored before the first evaluation of a database are not evaluated. */
async function waitForEvaluation(): Promise<void> {
  const connection = await createConnection(database.adminUrl);
  const sql = 'SELECT position IS NOT NULL AS has_begun FROM rule_evaluation';
  await vi.waitFor(async () => {
    expect((await connection.query(sql))[0]).toEqual([{ has_begun: 1 }]);
  }, waiting);
  await connection.end();
}

afterAll(async () => {
  await api.stop();
  await Promise.all([webhooks.stop(), chat.stop(), mailSink.stop()]);
  await database.drop();
  await rm(directory, { recursive: true });
});

async function send(sensor_id: string, reading: object, count: number): Promise<void> {
  const readings = Array.from({ length: count }, () => ({ ...reading, sensor_id }));
  expect((await api.post(readings)).status).toBe(200);
}

async function post(path: string, body: unknown): Promise<void> {
  const answer = await fetch(`${api.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answer.ok).toBe(true);
}

async function findIncident(sensor: string) {
  const answer = await api.get(`/incidents?sensor_id=${sensor}`);
  return incidentsPageSchema.parse(await answer.json()).incidents[0];
}

/** Waits for an incident of the sensor. */
async function waitForIncident(sensor: string, state: 'firing' | 'cleared'): Promise<string> {
  await expect.poll(async () => (await findIncident(sensor))?.state, waiting).toBe(state);
  return (await findIncident(sensor))?.id ?? '';
}

interface WebhookBody {
  status: string;
  alerts: { status: string; labels: Record<string, string>; generatorURL: string }[];
}

/** The status of each message of the webhook about a sensor, and its alert. */
function listWebhooks(sensor: string) {
  return webhooks.requests.flatMap(({ body, headers }) => {
    const { alerts } = JSON.parse(body) as WebhookBody;
    return alerts
      .filter(({ labels }) => labels.sensor === sensor)
      .map((alert) => ({ ...alert, body, headers }));
  });
}

const statusesOf = (sensor: string) => listWebhooks(sensor).map(({ status }) => status);
const mailsAbout = (sensor: string) =>
  mailSink.mails.map(({ source }) => source).filter((source) => source.includes(sensor));
const chatsAbout = (sensor: string) => chat.requests.filter(({ body }) => body.includes(sensor));

/** A receiver that does not answer by itself. */
async function startSlowReceiver() {
  const waiting: ServerResponse[] = [];
  const server = createServer((_request, response) => void waiting.push(response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a TCP server has one
  return {
    url: `http://127.0.0.1:${port}`,
    waiting,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('notifications', () => {
  test('report the incidents of the default rule by signed webhooks and e-mail', async () => {
    await send('attic', anomaly, 3);
    await expect.poll(() => statusesOf('attic'), waiting).toEqual(['firing']);
    await send('attic', normal, 10);
    await expect.poll(() => statusesOf('attic'), waiting).toEqual(['firing', 'resolved']);
    for (const { labels, generatorURL, body, headers } of listWebhooks('attic')) {
      expect(labels).toEqual({
        alertname: 'Anomalies',
        sensor: 'attic',
        sensor_type: 'climate',
        severity: 'warning',
      });
      expect(generatorURL).toBe('https://sensors.example/?view=alerts&type=climate&sensor=attic');
      const signed = Object.entries(headers).filter(([name]) => name.startsWith('webhook-'));
      const verified = new Webhook(secret).verify(body, Object.fromEntries(signed) as Record<string, string>);
      expect(verified).toMatchObject({ receiver: 'Own program', groupLabels: { alertname: 'Anomalies' } });
    }
    await expect.poll(() => mailsAbout('attic').length, waiting).toBe(2);
    expect(mailSink.mails[0]?.to).toEqual(['plant@example.com']);
    expect(mailsAbout('attic')[0]).toContain('attic: 3 of 10 readings');
  });

  test('report what a person resolves', async () => {
    await send('porch', anomaly, 3);
    const id = await waitForIncident('porch', 'firing');
    await expect.poll(() => statusesOf('porch'), waiting).toEqual(['firing']);
    await post(`/incidents/${id}/resolve`, { by: 'Ann' });
    await expect.poll(() => statusesOf('porch'), waiting).toEqual(['firing', 'resolved']);
  });

  test('leave out what a silence matches', async () => {
    await post('/silences', {
      matchers: [
        { name: 'sensor', value: 'cel.*', isRegex: true },
        { name: 'severity', value: 'warning' },
      ],
      ends_at: new Date(Date.now() + 3_600_000).toISOString(),
      comment: 'maintenance',
    });
    await send('cellar', anomaly, 3);
    await waitForIncident('cellar', 'firing');
    await send('garage', anomaly, 3);
    await send('cellar', normal, 10);
    await waitForIncident('cellar', 'cleared');
    // An incident that ends before its first message is reported once, as resolved.
    await expect.poll(() => statusesOf('garage'), waiting).toEqual(['firing']);
    await send('garage', normal, 10);
    await expect.poll(() => statusesOf('garage'), waiting).toEqual(['firing', 'resolved']);
    expect([listWebhooks('cellar'), mailsAbout('cellar'), chatsAbout('cellar')]).toEqual([[], [], []]);
  });

  test('are repeated until somebody acknowledges the incident', async () => {
    await send('loft', anomaly, 3);
    const id = await waitForIncident('loft', 'firing');
    await expect.poll(() => chatsAbout('loft').length, waiting).toBeGreaterThan(2);
    await send('shed', anomaly, 3);
    await post(`/incidents/${id}/ack`, { by: 'Ann' });
    // A message that had begun before may still arrive.
    const arrived = chat.requests.length;
    const later = () => chat.requests.slice(arrived + 1);
    await expect.poll(() => later().length, waiting).toBeGreaterThan(2);
    expect(later().filter(({ body }) => body.includes('loft'))).toEqual([]);
    expect(later().filter(({ body }) => body.includes('shed')).length).toBeGreaterThan(1);
  });

  test('reach a receiver that a person adds, about what fires already', async () => {
    const late = await startHttpSink();
    await send('barn', anomaly, 3);
    await waitForIncident('barn', 'firing');
    await post('/receivers', { name: 'Late', slack: { url: late.url } });
    await expect.poll(() => late.requests.map(({ body }) => body).join(), waiting).toContain('barn');
    const answer = await api.get('/deliveries?receiver=Late&state=delivered');
    expect(await answer.json()).toMatchObject({ deliveries: [{ rule: 'Anomalies', status: 'firing' }] });
    await late.stop();
  });

  test('are stored as delivered if they are being sent while the API stops', async () => {
    const slow = await startSlowReceiver();
    const file = join(directory, 'slow.yaml');
    await writeFile(file, `receivers: [{ name: Slow, slack: { url: '${slow.url}' } }]`);
    const other = await startTestApi({
      databaseUrl: database.url,
      settings: { RULES_FILE: file },
      config: { deliveryIntervalMs: 50, repeatsIntervalMs: 50 },
    });
    await send('stable', anomaly, 3);
    await expect.poll(() => slow.waiting.length, waiting).toBe(1);
    const stopped = other.stop();
    for (const response of slow.waiting) response.end();
    await stopped;
    await slow.stop();
    const answer = await api.get('/deliveries?receiver=Slow');
    expect(await answer.json()).toMatchObject({ deliveries: [{ state: 'delivered', attempts: 1 }] });
  });
});
