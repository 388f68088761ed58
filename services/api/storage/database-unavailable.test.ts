import { problemSchema } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testing/create-test-database.ts';
import { startTestApi, type TestApi } from '../testing/start-test-api.ts';
import { startWire, type Wire } from '../testing/start-wire.ts';
import { selectRows } from './connection.ts';
import { createPool } from './pool.ts';

const reading = { temperature: 24, humidity: 51, sound_volume: 60 };

let database: TestDatabase;
let wire: Wire;
let api: TestApi;
let pool: Pool;

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  pool = createPool({ databaseUrl: database.url, connections: 1 });
  const url = new URL(database.url);
  wire = await startWire({ host: url.hostname, port: Number(url.port || 3306) });
  url.hostname = '127.0.0.1';
  url.port = String(wire.port);
  api = await startTestApi({ databaseUrl: url.href });
});

afterAll(async () => {
  await api.stop();
  await wire.cut();
  await pool.end();
  await database.drop();
});

async function getUntil(path: string, status: number): Promise<Response> {
  for (;;) {
    const answer = await api.get(path);
    if (answer.status === status) return answer;
    await answer.text();
  }
}

async function countReadings(): Promise<number> {
  const rows = await selectRows(pool, { sql: 'SELECT seq FROM readings' });
  return rows.length;
}

describe('while the database is unavailable', () => {
  test('every route that needs it answers 503 with Retry-After, then recovers', async () => {
    expect((await api.post(reading)).status).toBe(200);
    expect((await api.get('/readyz')).status).toBe(200);
    await wire.cut();
    for (const path of ['/readings', '/stats', '/distribution', '/series', '/alerts', '/readyz']) {
      const answer = await getUntil(path, 503); // /readyz caches its result for a second
      expect([path, answer.status]).toEqual([path, 503]);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    const refused = await api.post(reading);
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(problemSchema.parse(await refused.json()).type).toBe(
      'urn:sensor-sentinel:problem:database_unavailable',
    );
    expect((await api.get('/livez')).status).toBe(200);
    expect((await api.get('/predict?temperature=24&humidity=51&sound_volume=60')).status).toBe(200);

    await wire.mend();
    expect((await getUntil('/readyz', 200)).status).toBe(200);
    expect((await api.post(reading)).status).toBe(200);
    expect(await countReadings()).toBe(2);
  });

  test('a database that hangs is reported as unavailable, and a retry with the same id stores once', async () => {
    const before = await countReadings();
    wire.freeze();
    const body = { ...reading, id: '0b9a2a52-6c1c-4d0e-9a5a-2a54f3e0a001' };
    expect((await api.post(body)).status).toBe(503);
    wire.thaw();
    while ((await api.post(body)).status !== 200); // other frozen connections have to time out first
    expect(await countReadings()).toBe(before + 1);
  });
});

describe('with a full queue', () => {
  test('answers 503 immediately and stores the accepted readings', async () => {
    const small = await startTestApi({ databaseUrl: database.url, settings: { MAX_QUEUED_READINGS: '3' } });
    const before = await countReadings();
    const answers = await Promise.all(Array.from({ length: 30 }, () => small.post(reading)));
    const accepted = answers.filter(({ status }) => status === 200).length;
    const refused = answers.filter(({ status }) => status === 503);
    expect(accepted + refused.length).toBe(30);
    expect(refused.every(({ headers }) => headers.has('retry-after'))).toBe(true);
    expect(await countReadings()).toBe(before + accepted);
    expect((await small.post([reading, reading, reading, reading])).status).toBe(503);
    await small.stop();
  });
});
