import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { anomalousValues, normalValues } from '../testing/post-reading.ts';
import { waitUntil } from '../testing/wait-until.ts';
import { feed } from './feed.ts';
import { readIncidents, readStates } from './read-incidents.ts';
import { startReplicas } from './start-replicas.ts';
import { startWebhookSink } from './start-webhook-sink.ts';
import { writeRules } from './write-rules.ts';

const sensor = 'press';
const rules = [{ name: 'Anomalies', condition: { kind: 'anomalies_in_a_row' as const, count: 2 } }];

let cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
  cleanUps = [];
});

test('an incident goes on after a kill of the database and of all replicas', async ({ signal }) => {
  const directory = mkdtempSync(join(tmpdir(), 'sensor-sentinel-alerts-'));
  cleanUps.push(() => rmSync(directory, { recursive: true, force: true }));
  const sink = await startWebhookSink();
  cleanUps.push(sink.stop);
  const settings = writeRules(directory, { rules, receivers: [{ name: 'Program', ...sink.channel }] });
  const { database, replicas } = await startReplicas({ directory, settings, cleanUps });
  const [{ url }] = replicas;
  const urls = replicas.map((replica) => replica.url);
  await feed(urls, { sensor, values: normalValues, signal });
  await feed(urls, { sensor, values: anomalousValues, signal });
  await waitUntil(async () => sink.messages.length > 0 && (await readStates(url)).length > 0, signal);
  const [before] = (await readIncidents(url)).incidents;
  const states = await readStates(url);
  expect(states).toMatchObject([{ sensor_id: sensor, state: 'firing' }]);

  await Promise.all([database, ...replicas].map(({ kill }) => kill()));
  await database.start();
  await Promise.all(replicas.map(({ restart }) => restart()));
  await Promise.all(replicas.map(({ ready }) => ready()));
  // The second anomaly opened it.
  expect(before?.readings).toBe(1);
  await feed(urls, { sensor, values: anomalousValues, signal });
  await waitUntil(async () => (await readIncidents(url)).incidents[0]?.readings === 3, signal);
  const [during] = (await readIncidents(url)).incidents;
  const { id, started_at, opened_at } = before ?? {};
  expect(during).toMatchObject({ id, started_at, opened_at, state: 'firing', anomalies: 3 });
  expect(await readStates(url)).toEqual(states);

  await feed(urls, { sensor, values: normalValues, signal });
  await waitUntil(async () => sink.messages.length > 1, signal);
  const { incidents, counts } = await readIncidents(url);
  expect(incidents).toMatchObject([{ id, started_at, opened_at, state: 'cleared' }]);
  expect(counts.firing).toBe(0);
  const statuses = sink.messages.map(({ status, alerts }) => [status, alerts[0]?.startsAt]);
  expect(statuses).toEqual([
    ['firing', opened_at],
    ['resolved', opened_at],
  ]);
});
