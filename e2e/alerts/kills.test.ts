import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anomalousValues, normalValues } from '../testing/post-reading.ts';
import { readNumber } from '../testing/random.ts';
import { waitUntil } from '../testing/wait-until.ts';
import { feed } from './feed.ts';
import { readIncidents } from './read-incidents.ts';
import { type Replicas, startReplicas } from './start-replicas.ts';
import { startWebhookSink, type WebhookSink } from './start-webhook-sink.ts';
import { writeRules } from './write-rules.ts';

const rounds = readNumber('ALERTS_ROUNDS') ?? 10;
const limitMs = 300_000 + rounds * 60_000;
const sensors = Array.from({ length: rounds }, (_, round) => `sensor-${round}`);
const statuses = ['firing', 'resolved'] as const;

/** When the replica that evaluates is killed, and whether the other one is killed too. */
const kinds = ['once the incident is stored', 'while it is notified', 'both, while it is notified'] as const;

const directory = mkdtempSync(join(tmpdir(), 'sensor-sentinel-alerts-'));
const cleanUps: (() => unknown)[] = [() => rmSync(directory, { recursive: true, force: true })];
let system: Replicas;
let sink: WebhookSink;

/** A rule for each sensor, so that no message waits for another one. */
function toRule(sensor: string) {
  return {
    name: `Rule of ${sensor}`,
    sensors: sensor,
    condition: { kind: 'anomalies_in_a_row' as const, count: 2 },
  };
}

/** The ids of the accepted messages that say this about the incidents of a sensor. */
function findAccepted(sensor: string, status: (typeof statuses)[number]): string[] {
  const says = ({ alerts }: (typeof sink.messages)[number]) =>
    alerts.some((alert) => alert.labels.sensor === sensor && alert.status === status);
  return sink.messages.filter((message) => message.isAccepted && says(message)).map(({ id }) => id);
}

const findUrls = () => system.replicas.map(({ url }) => url);

async function isFiring(sensor: string): Promise<boolean> {
  const { incidents } = await readIncidents(system.replicas[0].url);
  return incidents.some(({ sensor_id, state }) => sensor_id === sensor && state === 'firing');
}

const cleared = new Set<string>();

/** Clears one of the incidents whose beginning was notified. */
async function clearNext(signal: AbortSignal): Promise<void> {
  const sensor = sensors.find((one) => !cleared.has(one) && findAccepted(one, 'firing').length > 0);
  if (sensor === undefined) return;
  cleared.add(sensor);
  await feed(findUrls(), { sensor, values: normalValues, signal });
}

async function runRound(sensor: string, kind: (typeof kinds)[number], signal: AbortSignal): Promise<void> {
  const { replicas, findEvaluating } = system;
  await Promise.all(replicas.map(({ ready }) => ready()));
  sink.hold();
  await clearNext(signal);
  await feed(findUrls(), { sensor, values: anomalousValues, signal });
  if (kind === kinds[0]) await waitUntil(() => isFiring(sensor), signal);
  else await waitUntil(async () => sink.countHeld() > 0, signal);
  await waitUntil(async () => (await findEvaluating()).replica !== undefined, signal);
  const { fence, replica } = await findEvaluating();
  const killed = kind === kinds[2] ? replicas : replicas.filter((one) => one === replica);
  expect(killed.length).toBeGreaterThan(0);
  await Promise.all(killed.map(({ restart }) => restart()));
  await waitUntil(async () => (await findEvaluating()).fence > fence, signal);
  sink.release();
}

beforeAll(async () => {
  sink = await startWebhookSink();
  cleanUps.push(sink.stop);
  const rules = sensors.map(toRule);
  const settings = writeRules(directory, { rules, receivers: [{ name: 'Program', ...sink.channel }] });
  system = await startReplicas({ directory, settings, cleanUps });
  const signal = AbortSignal.timeout(limitMs);
  for (const [round, sensor] of sensors.entries())
    await runRound(sensor, kinds[round % kinds.length] ?? kinds[0], signal);
  for (const status of statuses) {
    await waitUntil(async () => sensors.every((one) => findAccepted(one, status).length > 0), signal);
    if (status === 'firing') while (cleared.size < rounds) await clearNext(signal);
  }
}, limitMs);

afterAll(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
});

describe(`the replica that evaluates the rules is killed ${rounds} times before its notification`, () => {
  test('each incident is stored once, and has cleared', async () => {
    const { incidents } = await readIncidents(system.replicas[1].url);
    expect(incidents.map(({ sensor_id }) => sensor_id).sort()).toEqual(sensors.toSorted());
    expect(incidents.filter(({ state }) => state !== 'cleared')).toEqual([]);
  });

  test.each(statuses)('each %s change arrives, under one idempotency key', (status) => {
    const keys = sensors.map((sensor) => new Set(findAccepted(sensor, status)).size);
    expect(keys).toEqual(sensors.map(() => 1));
  });

  test('messages that a killed replica had begun to send arrive again', () => {
    const lost = sink.messages.filter(({ isAccepted }) => !isAccepted);
    const accepted = new Set(sink.messages.filter(({ isAccepted }) => isAccepted).map(({ id }) => id));
    expect(lost.length).toBeGreaterThan(0);
    expect(lost.filter(({ id }) => !accepted.has(id))).toEqual([]);
    expect(sink.refused).toEqual([]);
  });
});
