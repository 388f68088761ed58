import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axios from 'axios';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { anomalousValues, normalValues } from '../testing/post-reading.ts';
import { startApi } from '../testing/start-api.ts';
import { waitUntil } from '../testing/wait-until.ts';
import { readIncidents } from './read-incidents.ts';
import { startAlertmanager } from './start-alertmanager.ts';
import { startMailSink } from './start-mail-sink.ts';
import { startWebhookSink } from './start-webhook-sink.ts';
import { writeRules } from './write-rules.ts';

const count = 5000;
const batchSize = 1000;
const sensors = Array.from({ length: count }, (_, index) => `sensor-${index}`);
const rule = { name: 'Anomalies', condition: { kind: 'anomalies_in_a_row' as const, count: 1 } };

const directory = mkdtempSync(join(tmpdir(), 'sensor-sentinel-alerts-'));
const cleanUps: (() => unknown)[] = [() => rmSync(directory, { recursive: true, force: true })];
let apiUrl: string;
let alertmanager: Awaited<ReturnType<typeof startAlertmanager>>;
let mail: Awaited<ReturnType<typeof startMailSink>>;
let webhook: Awaited<ReturnType<typeof startWebhookSink>>;

/** One reading of each sensor, in batches at the same time, each sent again until it is accepted. */
async function feedAll(values: typeof normalValues, signal: AbortSignal): Promise<void> {
  const readings = sensors.map((sensor_id) => ({ id: randomUUID(), sensor_id, ...values }));
  const batches = Array.from({ length: count / batchSize }, (_, index) =>
    readings.slice(index * batchSize, (index + 1) * batchSize),
  );
  const post = async (batch: typeof readings) =>
    (await axios.post(`${apiUrl}/predict`, batch)).status === 200;
  await Promise.all(batches.map((batch) => waitUntil(() => post(batch), signal)));
}

/** Feeds the readings, and waits until this number of incidents fires. Prints how long that took. */
async function feedUntil(values: typeof normalValues, firing: number, signal: AbortSignal): Promise<void> {
  const startMs = performance.now();
  await feedAll(values, signal);
  const fedMs = performance.now();
  await waitUntil(async () => (await readIncidents(apiUrl)).counts.firing === firing, signal);
  const [sent, evaluated] = [fedMs - startMs, performance.now() - fedMs].map((ms) => (ms / 1000).toFixed(1));
  process.stdout.write(`storm: ${count} readings sent in ${sent} s, evaluated ${evaluated} s later\n`);
}

beforeAll(async () => {
  alertmanager = await startAlertmanager(join(directory, 'alertmanager'));
  cleanUps.push(alertmanager.stop);
  mail = await startMailSink();
  cleanUps.push(mail.stop);
  webhook = await startWebhookSink();
  cleanUps.push(webhook.stop);
  const receivers = [
    { name: 'Alertmanager', ...alertmanager.channel },
    { name: 'Mail', email: { to: ['cooling@example.com'] }, group_wait: '60s' },
    { name: 'Program', ...webhook.channel, group_wait: '60s' },
  ];
  const api = await startApi({
    adminUrl: inject('databaseAdminUrl'),
    directory,
    settings: { SMTP_URL: mail.smtpUrl, ...writeRules(directory, { rules: [rule], receivers }) },
  });
  cleanUps.push(api.stop);
  apiUrl = api.url;
  await feedAll(normalValues, AbortSignal.timeout(60_000));
});

afterAll(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
});

/** The subject of a mail about all sensors. */
function toSubject(status: string) {
  const subject = `\\[${status}:${count}\\] Anomalies — sensor-\\d+, sensor-\\d+, sensor-\\d+ and ${count - 3} more`;
  return expect.stringMatching(new RegExp(`^${subject}$`));
}

describe(`${count} sensors that go bad at the same time`, () => {
  beforeAll(() => feedUntil(anomalousValues, count, AbortSignal.timeout(240_000)));

  test('each have an incident', async () => {
    const { counts, incidents, next_cursor } = await readIncidents(apiUrl);
    expect(counts).toEqual({ firing: count, unacknowledged: count, short: 0 });
    expect(new Set(incidents.map(({ sensor_id }) => sensor_id)).size).toBe(200);
    expect(next_cursor).not.toBeNull();
  });

  test('are alerts in the Alertmanager', async ({ signal }) => {
    await waitUntil(async () => (await alertmanager.listAlerts()).length === count, signal);
    const found = (await alertmanager.listAlerts()).map(({ labels }) => labels.sensor);
    expect(found.sort()).toEqual(sensors.toSorted());
  });

  test('make one message per receiver', async ({ signal }) => {
    await waitUntil(async () => mail.mails.length > 0 && webhook.messages.length > 0, signal);
    const sizes = webhook.messages.map(({ alerts, truncatedAlerts }) => alerts.length + truncatedAlerts);
    expect(sizes).toEqual([count]);
    expect(mail.mails.map(({ subject }) => subject)).toEqual([toSubject('FIRING')]);
  });

  test('make one message more per receiver when they are well again', async ({ signal }) => {
    await feedUntil(normalValues, 0, signal);
    await waitUntil(async () => mail.mails.length > 1 && webhook.messages.length > 1, signal);
    const sizes = webhook.messages.map(({ alerts, truncatedAlerts }) => alerts.length + truncatedAlerts);
    expect(sizes).toEqual([count, count]);
    expect(mail.mails.map(({ subject }) => subject)).toEqual([toSubject('FIRING'), toSubject('RESOLVED')]);
    await waitUntil(async () => (await alertmanager.listAlerts()).length === 0, signal);
    expect(webhook.refused).toEqual([]);
  });
});
