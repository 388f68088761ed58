import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { anomalousValues, normalValues, postReading } from '../testing/post-reading.ts';
import { startApi } from '../testing/start-api.ts';
import { waitUntil } from '../testing/wait-until.ts';
import { readIncidents } from './read-incidents.ts';
import { startAlertmanager } from './start-alertmanager.ts';
import { startMailSink } from './start-mail-sink.ts';
import { startWebhookSink } from './start-webhook-sink.ts';
import { writeRules } from './write-rules.ts';

const sensor = 'cold-store';
const title = `Two anomalies — ${sensor}`;
const labels = {
  alertname: 'Two anomalies',
  sensor,
  sensor_type: 'climate',
  severity: 'critical',
  team: 'cooling',
};
const rule = {
  name: 'Two anomalies',
  condition: { kind: 'anomalies_in_a_row' as const, count: 2 },
  labels: { severity: 'critical', team: 'cooling' },
  annotations: { summary: '{{ sensor }} is {{ state }}', description: 'Look at 100 % of it.' },
};

const directory = mkdtempSync(join(tmpdir(), 'sensor-sentinel-alerts-'));
const cleanUps: (() => unknown)[] = [() => rmSync(directory, { recursive: true, force: true })];
let apiUrl: string;
let alertmanager: Awaited<ReturnType<typeof startAlertmanager>>;
let mail: Awaited<ReturnType<typeof startMailSink>>;
let webhook: Awaited<ReturnType<typeof startWebhookSink>>;

beforeAll(async () => {
  alertmanager = await startAlertmanager(join(directory, 'alertmanager'));
  cleanUps.push(alertmanager.stop);
  mail = await startMailSink();
  cleanUps.push(mail.stop);
  webhook = await startWebhookSink();
  cleanUps.push(webhook.stop);
  const receivers = [
    { name: 'Alertmanager', ...alertmanager.channel },
    { name: 'Mail', email: { to: ['cooling@example.com'], from: 'sensors@example.com' } },
    { name: 'Program', ...webhook.channel },
  ];
  const api = await startApi({
    adminUrl: inject('databaseAdminUrl'),
    directory,
    settings: { SMTP_URL: mail.smtpUrl, ...writeRules(directory, { rules: [rule], receivers }) },
  });
  cleanUps.push(api.stop);
  apiUrl = api.url;
  for (const values of [normalValues, anomalousValues, anomalousValues])
    await postReading(apiUrl, { sensor_id: sensor, ...values });
});

afterAll(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
});

describe('an incident', () => {
  test('is an alert in a real Alertmanager', async ({ signal }) => {
    await waitUntil(async () => (await alertmanager.listAlerts()).length > 0, signal);
    const [incident] = (await readIncidents(apiUrl)).incidents;
    expect(await alertmanager.listAlerts()).toMatchObject([
      {
        labels,
        annotations: { summary: `${sensor} is firing`, description: 'Look at 100 % of it.' },
        startsAt: incident?.opened_at,
        status: { state: 'active' },
      },
    ]);
  });

  test('is sent by mail', async ({ signal }) => {
    await waitUntil(async () => mail.mails.length > 0, signal);
    const { from, to, subject, source } = mail.mails[0] ?? {};
    expect({ from, to, subject }).toEqual({
      from: 'sensors@example.com',
      to: ['cooling@example.com'],
      subject: `[FIRING:1] ${title}`,
    });
    expect(source).toMatch(/^cold-store is firing\r?\nState: firing\r?\nSensor: cold-store \(climate\)/m);
    expect(source).toMatch(/^Look at 100 % of it\./m);
  });

  test('is sent as a signed webhook', async ({ signal }) => {
    await waitUntil(async () => webhook.messages.length > 0, signal);
    expect(webhook.messages).toMatchObject([
      { status: 'firing', receiver: 'Program', alerts: [{ status: 'firing', labels }] },
    ]);
  });
});

describe('an incident that has cleared', () => {
  beforeAll(async () => {
    const signal = AbortSignal.timeout(120_000);
    const haveAll = async () =>
      [mail.mails, webhook.messages, await alertmanager.listAlerts()].every(({ length }) => length > 0);
    await waitUntil(haveAll, signal);
    await postReading(apiUrl, { sensor_id: sensor, ...normalValues });
  });

  test('is resolved in the Alertmanager', async ({ signal }) => {
    await waitUntil(async () => (await alertmanager.countReceived('resolved')) > 0, signal);
    expect(await alertmanager.listAlerts()).toEqual([]);
  });

  test('is sent by mail', async ({ signal }) => {
    await waitUntil(async () => mail.mails.length > 1, signal);
    expect(mail.mails.map(({ subject }) => subject)).toEqual([
      `[FIRING:1] ${title}`,
      `[RESOLVED:1] ${title}`,
    ]);
    expect(mail.mails[1]?.source).toMatch(/^cold-store is cleared\r?\nState: resolved/m);
  });

  test('is sent as a signed webhook with an idempotency key of its own', async ({ signal }) => {
    await waitUntil(async () => webhook.messages.length > 1, signal);
    const [firing, resolved, ...more] = webhook.messages;
    expect(more).toEqual([]);
    expect(resolved).toMatchObject({ status: 'resolved', alerts: [{ status: 'resolved', labels }] });
    expect(resolved?.alerts[0]?.startsAt).toBe(firing?.alerts[0]?.startsAt);
    expect(resolved?.id).not.toBe(firing?.id);
    expect(webhook.refused).toEqual([]);
  });
});
