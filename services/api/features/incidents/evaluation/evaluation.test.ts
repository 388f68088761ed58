import { type Incident, type RuleInput, ruleSchema } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import mysql, { type Connection } from 'mysql2/promise';
import { pino } from 'pino';
import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, inject, test, vi } from 'vitest';
import { selectRows } from '../../../storage/connection.ts';
import { createPool } from '../../../storage/pool.ts';
import { climate, storeReadings } from '../../../testing/climate.ts';
import { createTestDatabase, type TestDatabase } from '../../../testing/create-test-database.ts';
import { type ActiveRule, toActiveRules } from '../../rules/active-rules.ts';
import { createEvaluator } from '../../rules/evaluator.ts';
import { renderTemplate } from '../../rules/template.ts';
import { createOwnArrivals, type OwnArrivals } from '../../stream/own-arrivals.ts';
import { createTypeRegistry } from '../../types/type-registry.ts';
import { findIncidentsByIds, toCommentStatement } from '../incident-rows.ts';
import { createEvaluation, numbersWithoutGaps } from './evaluation.ts';
import { leaseMs } from './evaluation-row.ts';

const startMs = Date.parse('2026-03-01T12:00:00.000Z');
const waiting = { timeout: 2 * leaseMs, interval: 20 };

let database: TestDatabase;
let admin: Connection;
let pool: Pool;
let rules: ActiveRule[];
let nowMs = startMs;
let endings: (() => Promise<void>)[] = [];
let replicas: OwnArrivals[];
let fed: { id: string; sensor_id: string; prediction: 0 | 1; score: number; atMs: number }[];

beforeEach(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  admin = await mysql.createConnection(database.adminUrl);
  pool = createPool({ databaseUrl: database.url, connections: 4, isWriting: true });
  useRules({ name: 'Two', condition: { kind: 'anomalies_in_a_row', count: 2 } });
  nowMs = startMs;
  fed = [];
  replicas = [];
});

afterEach(async () => {
  for (const end of endings) await end();
  endings = [];
  await pool.end();
  await admin.end();
  await database.drop();
});

function useRules(...given: RuleInput[]): void {
  const file = given.map((rule) => ruleSchema.parse(rule));
  rules = toActiveRules({ file, people: [], types: [climate.name], defaultType: climate.name });
}

/** Stores a reading per prediction, a second apart. */
async function feed(predictions: readonly (0 | 1)[], sensor_id = 'attic'): Promise<void> {
  const rows = predictions.map((prediction) => {
    nowMs += 1000;
    const reading = {
      ...{ id: v7(), sensor_id, timestamp: new Date(nowMs).toISOString(), temperature: 20, humidity: 50 },
      ...{ sound_volume: 40, prediction, score: prediction === 1 ? 0.9 : 0.1, model: 'test' },
    };
    fed.push({ id: reading.id, sensor_id, prediction, score: reading.score, atMs: nowMs });
    return { reading, receivedAt: reading.timestamp };
  });
  // As if one replica after the other had stored a part of the readings.
  const ownArrivals = replicas[fed.length % (replicas.length + 1)];
  await storeReadings(pool, rows, ownArrivals && { ownArrivals });
}

/** A process that evaluates, with its own connections. */
async function startReplica() {
  const [writing, following] = [true, false].map((isWriting) =>
    createPool({ databaseUrl: database.url, connections: 2, isWriting }),
  );
  if (!writing || !following) throw new Error('no pools');
  const types = createTypeRegistry({ pool: following, defaultName: climate.name });
  const ownArrivals = createOwnArrivals();
  replicas.push(ownArrivals);
  const replica = createEvaluation({
    pool: writing,
    following,
    types,
    listRules: async () => {
      await types.refresh();
      return rules;
    },
    render: renderTemplate,
    toChangeStatements: (changes) =>
      changes.map(({ id, state }) => toCommentStatement(id, { by: 'changes', text: state }, new Date(nowMs))),
    ownArrivals,
    maxClockSkewMs: 300_000,
    log: pino({ level: 'silent' }),
    now: () => new Date(nowMs),
  });
  endings.push(async () => {
    await replica.stop();
    await Promise.all([writing.end(), following.end()]);
  });
  return replica;
}

type Replica = Awaited<ReturnType<typeof startReplica>>;

async function listAll(): Promise<Incident[]> {
  const rows = await selectRows<{ id: string }>(pool, {
    sql: `SELECT INSERT(INSERT(INSERT(INSERT(LOWER(HEX(id)), 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0, '-') AS id
      FROM incidents`,
  });
  const incidents = await findIncidentsByIds(
    pool,
    rows.map(({ id }) => id),
  );
  return incidents.toSorted((a, b) => (a.opened_at < b.opened_at ? -1 : 1));
}

/** Lets the replica evaluate until there are such incidents. */
async function evaluateUntil(replica: Replica, check: (incidents: Incident[]) => void): Promise<Incident[]> {
  return vi.waitFor(async () => {
    await replica.evaluate();
    const incidents = await listAll();
    check(incidents);
    return incidents;
  }, waiting);
}

const isEvaluated = async () => {
  const [[row]] = await admin.query<mysql.RowDataPacket[]>('SELECT position FROM rule_evaluation');
  const [[last]] = await admin.query<mysql.RowDataPacket[]>(
    'SELECT COALESCE(MAX(seq), 0) AS seq FROM readings',
  );
  return row?.position !== null && JSON.parse(String(row?.position)).seq === Number(last?.seq);
};

async function evaluateAll(replica: Replica): Promise<void> {
  await vi.waitFor(async () => {
    await replica.evaluate();
    expect(await isEvaluated()).toBe(true);
  }, waiting);
}

async function expireLease(): Promise<void> {
  await admin.query("UPDATE rule_evaluation SET expires_at = '2020-01-01'");
}

const changesOf = (incident: Incident | undefined) => incident?.comments.map(({ text }) => text);
const at = (second: number) => new Date(startMs + second * 1000).toISOString();

describe('the evaluation', () => {
  test('begins at the end of the table, and stores an incident with its texts and changes', async () => {
    useRules({
      name: 'Two',
      condition: { kind: 'anomalies_in_a_row', count: 2 },
      labels: { severity: 'critical', team: 'roof' },
      annotations: { summary: '{{ sensor }} {{ state }}', description: '{{ anomalies }} of {{ readings }}' },
    });
    await feed([1, 1, 1]);
    const replica = await startReplica();
    await evaluateAll(replica);
    expect(await listAll()).toEqual([]);
    await feed([0, 1, 1, 1, 0]);
    await evaluateAll(replica);
    const [incident] = await listAll();
    expect(incident).toMatchObject({
      ...{ rule: 'Two', type: 'climate', sensor_id: 'attic', state: 'cleared', severity: 'critical' },
      ...{ labels: { severity: 'critical', team: 'roof' }, summary: 'attic cleared', description: '2 of 2' },
      ...{ started_at: at(6), opened_at: at(6), last_seen_at: at(7), cleared_at: at(8) },
    });
    expect(incident).toMatchObject({ acknowledged: null, resolved: null, feedback: null, peak_score: 0.9 });
    expect(changesOf(incident)).toEqual(['firing', 'cleared']);
  });

  test('counts the readings of an incident that goes on', async () => {
    const replica = await startReplica();
    await evaluateAll(replica);
    await feed([1, 1]);
    await evaluateAll(replica);
    await feed([1, 1, 1]);
    const [incident] = await evaluateUntil(replica, ([one]) => expect(one?.readings).toBe(4));
    expect(incident).toMatchObject({ state: 'firing', anomalies: 4, last_seen_at: at(5) });
    expect(changesOf(incident)).toEqual(['firing']);
  });

  test('evaluates silence without a reading', async () => {
    useRules({ name: 'Silent', condition: { kind: 'silent', after: '1m' }, for: '10s' });
    const replica = await startReplica();
    await evaluateAll(replica);
    await feed([0]);
    await evaluateAll(replica);
    nowMs += 120_000;
    const [incident] = await evaluateUntil(replica, (all) => expect(all).toHaveLength(1));
    expect(incident).toMatchObject({ state: 'firing', started_at: at(61), opened_at: at(71) });
  });

  test('evaluates the share of rejected readings', async () => {
    useRules({ name: 'Rejected', condition: { kind: 'rejected', window: '5m', raise: 0.5 } });
    const replica = await startReplica();
    await feed([0, 0]);
    await evaluateAll(replica);
    const sensor = '(SELECT id FROM sensors)';
    await admin.query(`INSERT INTO sensor_states (sensor, \`stored\`, late, newest, last_id, received_at, since)
      SELECT ${sensor}, 2, 0, NOW(3), id, NOW(3), NOW(3) FROM readings LIMIT 1`);
    await admin.query(`INSERT INTO sensor_arrivals (sensor, duplicates, conflicts, rejected, gaps)
      VALUES (${sensor}, 0, 0, 5, 0)`);
    // The sensor is known to the evaluation by a reading.
    await feed([0]);
    const [incident] = await evaluateUntil(replica, (all) => expect(all).toHaveLength(1));
    expect(incident).toMatchObject({ rule: 'Rejected', state: 'firing', sensor_id: 'attic' });
    await replica.stop();
    const next = await startReplica();
    await evaluateAll(next);
    expect(await listAll()).toEqual([incident]);
  });

  test('publishes the states of sensors', async () => {
    useRules({ name: 'Two', condition: { kind: 'anomalies_in_a_row', count: 2 }, for: '1h' });
    const replica = await startReplica();
    await evaluateAll(replica);
    await feed([1, 1]);
    await vi.waitFor(async () => {
      await replica.evaluate();
      const [[row]] = await admin.query<mysql.RowDataPacket[]>('SELECT states FROM rule_evaluation');
      expect(JSON.parse(row?.states ?? '{}')).toEqual({
        [rules[0]?.key ?? '']: {
          counts: { pending: 1 },
          states: [{ sensor_id: 'attic', state: 'pending', since: at(2) }],
        },
      });
    }, waiting);
  });
});

describe('two replicas', () => {
  test('one evaluates, and the other waits', async () => {
    const [first, second] = [await startReplica(), await startReplica()];
    await evaluateAll(first);
    await second.evaluate();
    await feed([1, 1]);
    await second.evaluate();
    expect(await listAll()).toEqual([]);
    await evaluateAll(first);
    expect(await listAll()).toHaveLength(1);
  });

  test('the other takes over when the lease of a killed one ends, in the middle of an incident', async () => {
    const [first, second] = [await startReplica(), await startReplica()];
    await evaluateAll(first);
    await feed([0, 1]);
    await evaluateAll(first);
    await feed([1, 1]);
    await evaluateAll(first);
    const [before] = await listAll();
    expect(before?.state).toBe('firing');
    // From here on, the first one does nothing any more.
    await feed([1, 1, 0]);
    const after = await evaluateUntil(second, ([one]) => expect(one?.state).toBe('cleared'));
    expect(after).toHaveLength(1);
    expect(after[0]).toMatchObject({ id: before?.id, readings: 4, anomalies: 4, cleared_at: at(7) });
    expect(changesOf(after[0])).toEqual(['firing', 'cleared']);
  });

  test('one that has lost its lease writes nothing', async () => {
    const [first, second] = [await startReplica(), await startReplica()];
    await evaluateAll(first);
    await expireLease();
    await evaluateAll(second);
    const [[held]] = await admin.query<mysql.RowDataPacket[]>('SELECT * FROM rule_evaluation');
    await feed([1, 1]);
    await first.evaluate();
    expect(await listAll()).toEqual([]);
    const [[still]] = await admin.query<mysql.RowDataPacket[]>('SELECT * FROM rule_evaluation');
    expect(still).toEqual(held);
    await evaluateAll(second);
    const [incident] = await listAll();
    expect(changesOf(incident)).toEqual(['firing']);
  });

  test('one that is stopped hands over at once', async () => {
    const first = await startReplica();
    await evaluateAll(first);
    await feed([1, 1]);
    await evaluateAll(first);
    await first.stop();
    const second = await startReplica();
    await feed([1, 0]);
    await second.evaluate();
    const incidents = await listAll();
    expect(incidents).toHaveLength(1);
    expect(incidents[0]).toMatchObject({ state: 'cleared', readings: 2, anomalies: 2 });
  });

  test('a reading that a slow transaction commits late counts once, also after a restart', async () => {
    const first = await startReplica();
    await evaluateAll(first);
    await feed([1, 1]);
    await evaluateAll(first);
    const slow = await mysql.createConnection(database.adminUrl);
    await slow.query('START TRANSACTION');
    nowMs += 1000;
    await slow.query(
      `INSERT INTO readings (id, type, sensor, timestamp, received_at, features, prediction, score)
       SELECT UNHEX(REPLACE(UUID(), '-', '')), type, sensor, ?, ?, features, 1, 0.99 FROM readings LIMIT 1`,
      [at(3).slice(0, 23).replace('T', ' '), at(3).slice(0, 23).replace('T', ' ')],
    );
    await feed([1, 1]);
    await evaluateAll(first);
    await slow.query('COMMIT');
    await slow.end();
    const before = await evaluateUntil(first, ([one]) => expect(one?.readings).toBe(4));
    await expireLease();
    const second = await startReplica();
    await evaluateAll(second);
    expect(await listAll()).toEqual(before);
    await feed([1]);
    const [after] = await evaluateUntil(second, ([one]) => expect(one?.readings).toBe(5));
    expect(after).toMatchObject({ id: before[0]?.id, peak_score: 0.99 });
  });

  test('find the same incidents as one that never stops, whatever happens to them', async () => {
    useRules(
      { name: 'Two', condition: { kind: 'anomalies_in_a_row', count: 2 } },
      { name: 'Share', condition: { kind: 'anomaly_share', window: 5, raise: 0.6, clear: 0.2 }, for: '2s' },
      { name: 'Long', condition: { kind: 'score_above', above: 0.5 }, keep_firing_for: '5s' },
    );
    let replica = await startReplica();
    await evaluateAll(replica);
    let seed = 7;
    const draw = (below: number) => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed % below;
    };
    for (let round = 0; round < 40; round++) {
      const predictions = Array.from({ length: 1 + draw(6) }, (): 0 | 1 => (draw(5) < 2 ? 1 : 0));
      await feed(predictions, ['attic', 'cellar'][draw(2)]);
      const fate = draw(4);
      // Without waiting, some of what is evaluated is not written before the process is gone.
      if (fate > 0) await (draw(2) === 0 ? evaluateAll(replica) : replica.evaluate());
      if (fate === 1) await replica.stop();
      if (fate === 2) await expireLease();
      if (fate === 1 || fate === 2) replica = await startReplica();
    }
    await evaluateAll(replica);
    await replica.stop();
    const found = (await listAll()).map(toFacts);
    expect(found.sort()).toEqual(findByHand().sort());
    expect((await listAll()).every((one) => changesOf(one)?.length === (one.cleared_at ? 2 : 1))).toBe(true);
  });
});

/** Only a cleared incident has counts that do not change any more. */
function toFacts({ rule, sensor_id, started_at, opened_at, cleared_at, readings }: Incident): string {
  return [rule, sensor_id, started_at, opened_at, cleared_at, cleared_at ? readings : 0].join(' ');
}

/** The facts of the incidents that a single evaluator finds in all that was fed. */
function findByHand(): string[] {
  const sensors = [...new Set(fed.map(({ sensor_id }) => sensor_id))];
  const evaluator = createEvaluator({
    features: climate.features,
    rules: rules.map(({ rule }) => rule),
    matches: () => true,
    maxClockSkewMs: 300_000,
  });
  for (const [index, { id, sensor_id, prediction, score, atMs }] of fed.entries())
    evaluator.add({
      ...{ seq: index, id, sensor: sensors.indexOf(sensor_id), timestampMs: atMs, receivedMs: atMs },
      ...{ values: [20, 50, 40], prediction, score },
    });
  const toText = (timeMs: number) => new Date(timeMs).toISOString();
  return evaluator
    .takeChanges()
    .map(({ rule, sensor, startedMs, openedMs, clearedMs, readings }) =>
      [
        ...[rule, sensors[sensor], toText(startedMs), toText(openedMs)],
        ...[clearedMs === null ? '' : toText(clearedMs), clearedMs === null ? 0 : readings],
      ].join(' '),
    );
}

describe('a rule that changes', () => {
  test('clears its incident and starts afresh, while other rules go on', async () => {
    const other: RuleInput = { name: 'Other', condition: { kind: 'anomalies_in_a_row', count: 1 } };
    useRules({ name: 'Two', condition: { kind: 'anomalies_in_a_row', count: 2 } }, other);
    const replica = await startReplica();
    await evaluateAll(replica);
    await feed([1, 1]);
    await evaluateAll(replica);
    useRules({ name: 'Two', condition: { kind: 'anomalies_in_a_row', count: 3 } }, other);
    const isCleared = (all: Incident[]) => expect(all.map(({ state }) => state)).toContain('cleared');
    const changed = await evaluateUntil(replica, isCleared);
    const cleared = changed.find(({ rule }) => rule === 'Two');
    expect(cleared).toMatchObject({ state: 'cleared', cleared_at: at(2) });
    expect(changesOf(cleared)).toEqual(['firing', 'cleared']);
    await feed([1, 1]);
    await evaluateAll(replica);
    expect((await listAll()).filter(({ rule }) => rule === 'Two')).toHaveLength(1);
    await feed([1]);
    const all = await evaluateUntil(replica, (one) => expect(one).toHaveLength(3));
    expect(all.filter(({ rule }) => rule === 'Other').map(({ state }) => state)).toEqual(['firing']);
    expect(all.filter(({ rule }) => rule === 'Two').map(({ state }) => state)).toEqual(['cleared', 'firing']);
  });

  test('clears the incidents of a rule that was removed while nothing evaluated', async () => {
    const first = await startReplica();
    await evaluateAll(first);
    await feed([1, 1]);
    await evaluateAll(first);
    await first.stop();
    useRules({ name: 'Another', condition: { kind: 'anomalies_in_a_row', count: 1 } });
    const second = await startReplica();
    await evaluateAll(second);
    expect((await listAll()).map(({ rule, state }) => [rule, state])).toEqual([['Two', 'cleared']]);
  });

  test('keeps its incident when only its texts change', async () => {
    const replica = await startReplica();
    await evaluateAll(replica);
    await feed([1, 1]);
    await evaluateAll(replica);
    const annotations = { summary: 'new text' };
    useRules({ name: 'Two', condition: { kind: 'anomalies_in_a_row', count: 2 }, annotations });
    const [incident] = await vi.waitFor(async () => {
      await feed([1]);
      await replica.evaluate();
      const all = await listAll();
      expect(all[0]?.summary).toBe('new text');
      return all;
    }, waiting);
    expect(incident?.state).toBe('firing');
  });
});

describe('numbersWithoutGaps', () => {
  test.each([
    [1, true],
    [3, false],
  ])('with steps of %i: %s', async (step, expected) => {
    const single = createPool({ databaseUrl: database.url, connections: 1 });
    await single.query(`SET SESSION auto_increment_increment = ${step}`);
    expect(await numbersWithoutGaps(single)).toBe(expected);
    await single.end();
  });
});
