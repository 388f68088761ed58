import { alertsSchema, incidentsEventSchema } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { v4, v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { runTransaction } from '../../storage/connection.ts';
import { createPool } from '../../storage/pool.ts';
import { toSqlId } from '../../storage/sql-values.ts';
import { storeReadings } from '../../testing/climate.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { readEvents } from '../../testing/read-events.ts';
import { startTestApi, type TestApi } from '../../testing/start-test-api.ts';
import { type IncidentRecord, toIncidentStatements } from '../incidents/incident-rows.ts';

const startMs = Date.parse('2026-03-01T12:00:00.000Z');
const minuteMs = 60_000;

let database: TestDatabase;
let replicas: [TestApi, TestApi];
let pool: Pool;
let keys: Map<string, number>;

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  pool = createPool({ databaseUrl: database.url, connections: 2, isWriting: true });
  const features = { temperature: 20, humidity: 50, sound_volume: 40 };
  const scored = { ...features, prediction: 0 as const, score: 0.1, model: 'test' };
  const receivedAt = new Date(startMs).toISOString();
  const readings = ['attic', 'cellar', 'hall'].map((sensor_id) => {
    return { reading: { id: v7(), sensor_id, timestamp: receivedAt, ...scored }, receivedAt };
  });
  await storeReadings(pool, readings);
  const [rows] = await pool.query('SELECT id, name FROM sensors');
  keys = new Map((rows as { id: number; name: string }[]).map(({ id, name }) => [name, id]));
  // The evaluation would clear incidents without a rule: it runs elsewhere.
  await pool.query("UPDATE rule_evaluation SET expires_at = '2100-01-01', holder = x'00'");
  const options = { databaseUrl: database.url };
  replicas = [await startTestApi(options), await startTestApi(options)];
});

afterAll(async () => {
  await Promise.all(replicas.map((api) => api.stop()));
  await pool.end();
  await database.drop();
});

/** An incident that opens in this minute and lasts for 30 s, or goes on. Resolves to its id. */
async function store(
  sensor: string,
  minute: number,
  { severity = 'warning', hasEnded = false }: { severity?: IncidentRecord['severity']; hasEnded?: boolean },
): Promise<string> {
  const [id, openedMs] = [v4(), startMs + minute * minuteMs];
  const lastSeenMs = openedMs + 30_000;
  const record: IncidentRecord = {
    ...{ id, type: 1, sensor: keys.get(sensor) ?? 0, rule: 'Anomalies', ruleVersion: '0123456789abcdef' },
    ...{ severity, labels: {}, summary: `${sensor} ${minute}`, description: '' },
    ...{ startedMs: openedMs, openedMs, lastSeenMs, readings: 3, anomalies: 1 },
    ...{ clearedMs: hasEnded ? lastSeenMs : null, peakScore: 0.5, peakReadingId: null },
  };
  await runTransaction(pool, toIncidentStatements([record]));
  return id;
}

async function getSummary(query = '') {
  const answer = await replicas[0].get(`/alerts${query}`);
  const { newest, last, ...counts } = alertsSchema.parse(await answer.json()).incidents;
  return { ...counts, newest: newest.map(({ summary }) => summary), last: last?.summary ?? null };
}

/** Changes an incident over the second replica. */
async function change(id: string, action: string, body = {}): Promise<void> {
  const url = `${replicas[1].url}/incidents/${id}/${action}`;
  const headers = { 'content-type': 'application/json' };
  expect((await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).status).toBe(200);
}

describe('the incidents of GET /alerts', () => {
  const none = { firing: 0, unacknowledged: 0, elsewhere: 0, newest: [], last: null };

  test('are counted and described in one answer, for all sensors and for some', async () => {
    expect(await getSummary()).toEqual(none);
    await store('attic', 1, { hasEnded: true });
    await store('cellar', 2, { hasEnded: true });
    await store('attic', 3, {});
    await store('attic', 4, {});
    await store('cellar', 5, { severity: 'critical' });
    const acknowledged = await store('cellar', 6, { severity: 'critical' });
    await change(acknowledged, 'ack');
    const order = ['cellar 5', 'attic 4', 'attic 3', 'cellar 6'];
    expect(await getSummary()).toEqual({
      ...{ firing: 4, unacknowledged: 3, elsewhere: 0 },
      ...{ newest: order, last: 'cellar 2' },
    });
    expect(await getSummary('?sensor_id=attic&sensor_id=hall')).toEqual({
      ...{ firing: 2, unacknowledged: 2, elsewhere: 2 },
      ...{ newest: ['attic 4', 'attic 3'], last: 'attic 1' },
    });
    expect(await getSummary('?sensor_id=hall')).toEqual({ ...none, elsewhere: 4 });
    expect(await getSummary('?sensor_id=unknown')).toEqual({ ...none, elsewhere: 4 });
  });

  test('are described one by one up to five', async () => {
    for (let minute = 10; minute < 14; minute++) await store('hall', minute, {});
    const { firing, newest } = await getSummary();
    expect(firing).toBe(8);
    expect(newest).toEqual(['cellar 5', 'hall 13', 'hall 12', 'hall 11', 'hall 10']);
  });
});

describe('GET /stream', () => {
  test('sends an event when an incident begins, ends or is changed, by any replica', async () => {
    const stream = await readEvents(`${replicas[0].url}/stream?sensor_id=attic`);
    await stream.take('model', 1);
    const expectEvent = async () => {
      const [event] = await stream.take('incidents', 1);
      expect(incidentsEventSchema.parse(event?.data)).toEqual({ type: 'climate' });
    };
    const id = await store('hall', 20, {});
    await expectEvent();
    await change(id, 'ack', { comment: 'On my way' });
    await expectEvent();
    await change(id, 'comment', { text: 'Fan replaced' });
    await expectEvent();
    await pool.query('UPDATE incidents SET cleared_at = opened_at WHERE id = ?', [toSqlId(id)]);
    await expectEvent();
    await change(id, 'feedback', { label: 0 });
    await expectEvent();
    await change(await store('hall', 21, {}), 'resolve');
    await expectEvent();
    stream.close();
  });
});
