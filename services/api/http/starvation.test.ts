import { randomUUID } from 'node:crypto';
import { Agent, get } from 'node:http';
import { problemSchema } from '@sensor-sentinel/contracts';
import mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testing/create-test-database.ts';
import { startTestApi, type TestApi } from '../testing/start-test-api.ts';

const reading = { temperature: 24, humidity: 51, sound_volume: 60 };

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
});

afterAll(async () => {
  await database.drop();
});

async function start(settings: Record<string, string> = {}): Promise<TestApi> {
  const api = await startTestApi({ databaseUrl: database.url, settings });
  onTestFinished(() => api.stop());
  return api;
}

/** Blocks every query that reads the retention horizons, but no commit. */
async function blockQueries(): Promise<() => Promise<void>> {
  const connection = await mysql.createConnection(database.adminUrl);
  await connection.query('LOCK TABLES retention_horizons WRITE');
  return () => connection.end();
}

async function countWaiting(): Promise<number> {
  const connection = await mysql.createConnection(database.adminUrl);
  const sql =
    "SELECT COUNT(*) AS n FROM information_schema.processlist WHERE db = DATABASE() AND state LIKE 'Waiting for table%'";
  const [rows] = await connection.query<mysql.RowDataPacket[]>(sql);
  await connection.end();
  return Number(rows[0]?.n);
}

describe('while all connections for queries are blocked', () => {
  test('stores readings of new sensors, and answers /alerts and /readyz', async () => {
    const api = await start();
    const release = await blockQueries();
    const queries = Array.from({ length: 20 }, () => api.get('/stats'));
    while ((await countWaiting()) < 8); // all connections for queries
    try {
      for (let n = 0; n < 20; n++) {
        const answer = await api.post({ ...reading, sensor_id: `new-${randomUUID()}` });
        expect(answer.status).toBe(200);
      }
      for (const path of ['/alerts', '/readyz', '/livez', '/model']) {
        expect([path, (await api.get(path)).status]).toEqual([path, 200]);
      }
    } finally {
      await release();
    }
    for (const { status } of await Promise.all(queries)) expect([200, 503]).toContain(status);
  });

  test('rejects more than MAX_QUERIES queries immediately', async () => {
    const api = await start({ MAX_QUERIES: '2' });
    const release = await blockQueries();
    const waiting = [api.get('/stats'), api.get('/series')];
    while ((await countWaiting()) < 2);
    for (const path of [
      '/stats',
      '/series',
      '/distribution',
      '/fleet',
      '/readings',
      '/sensors',
      '/ledger',
      '/accuracy',
      '/alerts/episodes',
    ]) {
      const refused = await api.get(path);
      expect([path, refused.status, refused.headers.get('retry-after')]).toEqual([path, 503, '1']);
      expect(problemSchema.parse(await refused.json()).type).toContain('overloaded');
    }
    await release();
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200]);
  });
});

describe('under hundreds of concurrent GET /readyz', () => {
  test('stores every reading of a new sensor', async () => {
    const api = await start();
    const agent = new Agent({ keepAlive: true, maxSockets: 300 });
    let isOver = false;
    const probe = () =>
      new Promise((resolve) => {
        get(`${api.url}/readyz`, { agent }, (answer) => answer.resume().once('end', resolve)).once(
          'error',
          resolve,
        );
      });
    const probing = Array.from({ length: 300 }, async () => {
      while (!isOver) await probe();
    });
    const statuses: number[] = [];
    for (let n = 0; n < 12; n++) {
      const answer = await api.post({ ...reading, sensor_id: `new-${randomUUID()}` });
      statuses.push(answer.status);
      await answer.text();
    }
    isOver = true;
    await Promise.all(probing);
    agent.destroy();
    expect(new Set(statuses)).toEqual(new Set([200]));
  });
});

describe('explanations', () => {
  test('are rejected beyond MAX_EXPLANATIONS, while readings are stored', async () => {
    const api = await start({ MAX_EXPLANATIONS: '2' });
    const stored = (await (await api.post(reading)).json()) as { id: string };
    const query = 'temperature=24&humidity=51&sound_volume=60&explain=true&votes=true';
    const explained = Array.from({ length: 20 }, () => [
      api.get(`/predict?${query}`),
      api.get(`/readings/${stored.id}/explanation`),
      fetch(`${api.url}/predict?explain=true`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(reading),
      }),
    ]).flat();
    const plain = await Promise.all(Array.from({ length: 20 }, () => api.post(reading)));
    expect(new Set(plain.map(({ status }) => status))).toEqual(new Set([200]));
    const answers = await Promise.all(explained);
    const refused = answers.filter(({ status }) => status !== 200);
    expect(answers.length - refused.length).toBeGreaterThanOrEqual(2);
    expect(refused.length).toBeGreaterThan(0);
    for (const { status, headers } of refused)
      expect([status, headers.get('retry-after')]).toEqual([503, '1']);
  });
});

describe('exports', () => {
  test('of one slow client leave room for other clients', async () => {
    const api = await start({ MAX_EXPORTS: '2', TRUST_PROXY: '1' });
    const row = JSON.stringify({ ...reading, sensor_id: 'x'.repeat(64) });
    const headers = { 'content-type': 'application/x-ndjson' };
    const body = `${row}\n`.repeat(60_000); // more than the socket buffers hold
    await (await fetch(`${api.url}/predict`, { method: 'POST', headers, body })).text();
    const exportAs = (address: string, query = '') =>
      fetch(`${api.url}/readings?format=csv${query}`, { headers: { 'x-forwarded-for': address } });
    const slow = await exportAs('10.0.0.1'); // its body is not read
    const refused = await exportAs('10.0.0.1', '&sensor_id=nobody');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '10']);
    const other = await exportAs('10.0.0.2', '&sensor_id=nobody');
    expect([other.status, await other.text()]).toEqual([200, expect.stringMatching(/^id,sensor_id/)]);
    await slow.body?.cancel();
  });

  test('run no query for HEAD', async () => {
    const api = await start({ MAX_EXPORTS: '1' });
    const release = await blockReadings();
    const answer = await fetch(`${api.url}/readings?format=csv`, { method: 'HEAD' });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('text/csv'),
    ]);
    await release();
  });
});

async function blockReadings(): Promise<() => Promise<void>> {
  const connection = await mysql.createConnection(database.adminUrl);
  await connection.query('LOCK TABLES readings WRITE');
  return () => connection.end();
}
