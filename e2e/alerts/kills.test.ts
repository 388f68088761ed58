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
import { startWebhookSink, type WebhookMessage, type WebhookSink } from './start-webhook-sink.ts';
import { writeRules } from './write-rules.ts';

interface Round {
  sensor: string;
  /**
   * The replica that evaluates is killed once the incident is `stored`, or once its message is `sent` but not accepted. The other one
   * too: `both`. Then the incident also ends before the message is sent again: `ended`.
   */
  kind: 'stored' | 'sent' | 'both' | 'ended';
}

type Status = 'firing' | 'resolved';

const count = readNumber('ALERTS_ROUNDS') ?? 10;
const limitMs = 300_000 + count * 60_000;
const kinds = ['stored', 'sent', 'both', 'ended'] as const;
const rounds = Array.from(
  { length: count },
  (_, index): Round => ({ sensor: `sensor-${index}`, kind: kinds[index % kinds.length] ?? 'stored' }),
);
const sensors = rounds.map(({ sensor }) => sensor);

const directory = mkdtempSync(join(tmpdir(), 'sensor-sentinel-alerts-'));
const cleanUps: (() => unknown)[] = [() => rmSync(directory, { recursive: true, force: true })];
const ended = new Set<string>();
let system: Replicas;
let sink: WebhookSink;

/** A rule for each sensor, so that no message waits for another one. */
function toRule(sensor: string) {
  const condition = { kind: 'anomalies_in_a_row' as const, count: 2 };
  return { name: `Rule of ${sensor}`, sensors: sensor, condition };
}

/** The idempotency keys of the messages that say this about the incident of a sensor. */
function findKeys(messages: readonly WebhookMessage[], sensor: string, status: Status): Set<string> {
  const says = ({ alerts }: WebhookMessage) =>
    alerts.some((alert) => alert.labels.sensor === sensor && alert.status === status);
  return new Set(messages.filter(says).map(({ id }) => id));
}

function isAccepted(sensor: string, status: Status): boolean {
  const accepted = sink.messages.filter((message) => message.isAccepted);
  return findKeys(accepted, sensor, status).size > 0;
}

/** Sends a reading to each replica. */
function feedBoth(sensor: string, values: typeof normalValues, signal: AbortSignal): Promise<void> {
  const urls = system.replicas.map(({ url }) => url);
  return feed(urls, { sensor, values, signal });
}

async function end(sensor: string, signal: AbortSignal): Promise<void> {
  ended.add(sensor);
  await feedBoth(sensor, normalValues, signal);
}

/** Ends one of the incidents whose beginning was notified. */
async function endNext(signal: AbortSignal): Promise<void> {
  const sensor = sensors.find((one) => !ended.has(one) && isAccepted(one, 'firing'));
  if (sensor !== undefined) await end(sensor, signal);
}

async function isFiring(sensor: string): Promise<boolean> {
  const { incidents } = await readIncidents(system.replicas[0].url);
  return incidents.some(({ sensor_id, state }) => sensor_id === sensor && state === 'firing');
}

async function runRound({ sensor, kind }: Round, signal: AbortSignal): Promise<void> {
  const { replicas, findEvaluating } = system;
  await Promise.all(replicas.map(({ ready }) => ready()));
  sink.hold();
  await endNext(signal);
  await feedBoth(sensor, anomalousValues, signal);
  if (kind === 'stored') await waitUntil(() => isFiring(sensor), signal);
  else await waitUntil(async () => findKeys(sink.messages, sensor, 'firing').size > 0, signal);
  await waitUntil(async () => (await findEvaluating()).replica !== undefined, signal);
  const { fence, replica } = await findEvaluating();
  const isKilled = (one: typeof replica) => one === replica || kind === 'both' || kind === 'ended';
  await Promise.all(replicas.filter(isKilled).map(({ restart }) => restart()));
  await waitUntil(async () => (await findEvaluating()).fence > fence, signal);
  if (kind === 'ended') await end(sensor, signal);
  sink.release();
}

beforeAll(async () => {
  sink = await startWebhookSink();
  cleanUps.push(sink.stop);
  const rules = sensors.map(toRule);
  const settings = writeRules(directory, { rules, receivers: [{ name: 'Program', ...sink.channel }] });
  system = await startReplicas({ directory, settings, cleanUps });
  const signal = AbortSignal.timeout(limitMs);
  for (const round of rounds) await runRound(round, signal);
  await waitUntil(async () => sensors.every((one) => ended.has(one) || isAccepted(one, 'firing')), signal);
  while (ended.size < count) await endNext(signal);
  await waitUntil(async () => sensors.every((one) => isAccepted(one, 'resolved')), signal);
}, limitMs);

afterAll(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
});

describe(`the replica that evaluates the rules is killed ${count} times before its notification`, () => {
  test('each incident is stored once, and has cleared', async () => {
    const { incidents } = await readIncidents(system.replicas[1].url);
    expect(incidents.map(({ sensor_id }) => sensor_id).sort()).toEqual(sensors.toSorted());
    expect(incidents.filter(({ state }) => state !== 'cleared')).toEqual([]);
  });

  test('each change arrives under one idempotency key of its own, also where the answer is lost', () => {
    const counts = sensors.map((sensor) => {
      const [firing, resolved] = [
        findKeys(sink.messages, sensor, 'firing'),
        findKeys(sink.messages, sensor, 'resolved'),
      ];
      return { firing: firing.size, resolved: resolved.size, both: new Set([...firing, ...resolved]).size };
    });
    expect(counts).toEqual(sensors.map(() => ({ firing: 1, resolved: 1, both: 2 })));
  });

  test('what is sent and not accepted is sent again, unless the incident has ended', () => {
    const expected = rounds.filter(({ kind }) => kind !== 'ended').map(({ sensor }) => sensor);
    expect(expected.filter((sensor) => !isAccepted(sensor, 'firing'))).toEqual([]);
    expect(sensors.filter((sensor) => !isAccepted(sensor, 'resolved'))).toEqual([]);
    expect(sink.messages.filter((message) => !message.isAccepted).length).toBeGreaterThan(0);
    expect(sink.refused).toEqual([]);
  });
});
