import { randomUUID } from 'node:crypto';
import {
  batchAnswerSchema,
  predictionSchema,
  problemSchema,
  readingsPageSchema,
} from '@sensor-sentinel/contracts';
import mysql, { type RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { startTestApi, type TestApi } from '../../testing/start-test-api.ts';

const reading = { temperature: 24, humidity: 51, sound_volume: 60 };

let database: TestDatabase;
let api: TestApi;

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  api = await startTestApi({ databaseUrl: database.url });
});

afterAll(async () => {
  await api.stop();
  await database.drop();
});

async function countOf(sensorId: string): Promise<number> {
  const answer = await api.get(`/readings?sensor_id=${sensorId}`);
  return readingsPageSchema.parse(await answer.json()).total;
}

async function countFencesPassed(): Promise<number> {
  const admin = await mysql.createConnection(database.adminUrl);
  const [rows] = await admin.query<RowDataPacket[]>('SELECT SUM(passed) AS passed FROM commit_fence');
  await admin.end();
  return Number(rows[0]?.passed);
}

describe('POST /predict', () => {
  test('recognizes a duplicate to the last bit of its numbers', async () => {
    const precise = { ...reading, sound_volume: 96.47318774932779, id: randomUUID() };
    const answers = [await api.post(precise), await api.post(precise)];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await answers[1]?.json()).toEqual(await answers[0]?.json());
  });

  test('makes a duplicate durable that another writer has committed', async () => {
    const before = await countFencesPassed();
    const known = { ...reading, id: randomUUID() };
    await api.post(known);
    expect(await countFencesPassed()).toBe(before);
    await api.post(known);
    expect(await countFencesPassed()).toBe(before + 1);
  });

  test('answers a normal reading with prediction 0 after storing it', async () => {
    const answer = await api.post({ ...reading, sensor_id: 'one' });
    expect(answer.status).toBe(200);
    const prediction = predictionSchema.parse(await answer.json());
    expect(prediction).toMatchObject({ prediction: 0, sensor_id: 'one' });
    const page = readingsPageSchema.parse(await (await api.get('/readings?sensor_id=one')).json());
    expect(page.readings).toEqual([{ ...prediction, ...reading }]);
  });

  test('answers an anomaly with prediction 1', async () => {
    const answer = await api.post({ temperature: 19.5, humidity: 41, sound_volume: 99 });
    expect(await answer.json()).toMatchObject({ prediction: 1, sensor_id: 'default' });
  });

  test("stores the client's timestamp in UTC", async () => {
    const answer = await api.post({ ...reading, timestamp: '2026-03-01T12:00:00.5+02:00' });
    expect(await answer.json()).toMatchObject({ timestamp: '2026-03-01T10:00:00.500Z' });
  });

  test('answers a duplicate with the first answer, and stores it once', async () => {
    const body = { ...reading, id: randomUUID(), sensor_id: 'twice' };
    const first = await api.post(body);
    const second = await api.post(body);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(await second.json()).toEqual(await first.json());
    expect(await countOf('twice')).toBe(1);
  });

  test('rejects another reading with the same id', async () => {
    const id = randomUUID();
    await api.post({ ...reading, id, sensor_id: 'conflict' });
    const answer = await api.post({ ...reading, temperature: 25, id, sensor_id: 'conflict' });
    expect(answer.status).toBe(409);
    expect(await countOf('conflict')).toBe(1);
  });

  test('stores one row for concurrent duplicates', async () => {
    const body = { ...reading, id: randomUUID(), sensor_id: 'race' };
    const answers = await Promise.all(Array.from({ length: 40 }, () => api.post(body)));
    expect(answers.map(({ status }) => status)).toEqual(Array(40).fill(200));
    expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === null)).toHaveLength(1);
    expect(await countOf('race')).toBe(1);
  });
});

describe('POST /predict with an array', () => {
  test('stores valid rows and lists invalid ones by index', async () => {
    const rows = [
      { ...reading, sensor_id: 'batch' },
      { ...reading, sensor_id: 'batch', humidity: 'wet' },
      { ...reading, sensor_id: 'batch' },
    ];
    const answer = await api.post(rows);
    expect(answer.status).toBe(200);
    const batch = batchAnswerSchema.parse(await answer.json());
    expect(batch.accepted).toBe(2);
    expect(batch.results.map(({ index }) => index)).toEqual([0, 2]);
    expect(batch.rejected).toEqual([
      { index: 1, errors: [{ path: 'humidity', message: 'expected a number from 0 to 100 %' }] },
    ]);
    expect(await countOf('batch')).toBe(2);
  });

  test('marks duplicates by the old name replayed, too', async () => {
    const row = { ...reading, id: randomUUID(), sensor_id: 'old-name' };
    const batch = batchAnswerSchema.parse(await (await api.post([row, row])).json());
    expect(batch.results.map(({ replayed }) => replayed)).toEqual([undefined, true]);
  });

  test('stores a repeated id within an array once', async () => {
    const row = { ...reading, id: randomUUID(), sensor_id: 'inside' };
    const answer = await api.post([row, row, { ...row, humidity: 50 }]);
    const batch = batchAnswerSchema.parse(await answer.json());
    expect(batch.results.map(({ duplicate }) => duplicate)).toEqual([undefined, true]);
    expect(batch.rejected).toMatchObject([{ index: 2, errors: [{ path: 'id' }] }]);
    expect(await countOf('inside')).toBe(1);
  });

  test.each([
    [0, 400],
    [1001, 413],
  ])('rejects an array of %i', async (length, status) => {
    const answer = await api.post(Array.from({ length }, () => reading));
    expect(answer.status).toBe(status);
  });

  test('answers 400 if no row is valid', async () => {
    const answer = await api.post([{ ...reading, temperature: null }, 7]);
    expect(answer.status).toBe(400);
    const problem = problemSchema.parse(await answer.json());
    expect(problem.errors.map(({ path }) => path)).toEqual(['[0].temperature', '[1]']);
  });
});

describe('POST /predict with an invalid request', () => {
  const tomorrow = new Date(Date.now() + 48 * 3600 * 1000).toISOString();

  test.each([
    ['a missing feature', { temperature: 24, humidity: 51 }, 'sound_volume'],
    ['text instead of a number', { ...reading, temperature: '24' }, 'temperature'],
    ['a value out of range', { ...reading, humidity: 101 }, 'humidity'],
    ['an unknown field', { ...reading, pressure: 1 }, 'pressure'],
    ['an id that is not a UUID', { ...reading, id: '1' }, 'id'],
    ['an empty sensor', { ...reading, sensor_id: '' }, 'sensor_id'],
    ['a sensor of 65 characters', { ...reading, sensor_id: 'x'.repeat(65) }, 'sensor_id'],
    ['a control character', { ...reading, sensor_id: 'a\u0000b' }, 'sensor_id'],
    ['half a character', { ...reading, sensor_id: 'a\ud800b' }, 'sensor_id'],
    ['a time without a zone', { ...reading, timestamp: '2026-03-01T12:00:00' }, 'timestamp'],
    ['a time that is far ahead', { ...reading, timestamp: tomorrow }, 'timestamp'],
    ['null', 'null', ''],
    ['a number', '7', ''],
    ['a number that overflows', '{"temperature":1e999,"humidity":51,"sound_volume":60}', 'temperature'],
  ])('names the field of %s', async (_what, body, path) => {
    const before = await countOf('default');
    const answer = await api.post(body);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    const problem = problemSchema.parse(await answer.json());
    expect(problem.errors.map((error) => error.path)).toContain(path);
    expect(await countOf('default')).toBe(before);
  });

  test.each([
    ['a missing feature', { temperature: 24, humidity: 51 }, 'sound_volume: required'],
    ['two missing features', { humidity: 51 }, 'temperature: required; sound_volume: required'],
    ['null', { ...reading, humidity: null }, 'humidity: expected a number from 0 to 100 %'],
    [
      'no feature',
      { sensor_id: 'a' },
      'expected a value for at least one of temperature, humidity, sound_volume',
    ],
  ])('says in plain words what is wrong with %s', async (_what, body, detail) => {
    expect(problemSchema.parse(await (await api.post(body)).json()).detail).toBe(detail);
  });

  test.each([
    { what: 'malformed JSON', body: '{"temperature":', status: 400 },
    { what: 'an empty body', body: '', status: 400 },
    { what: 'a form', headers: { 'content-type': 'application/x-www-form-urlencoded' }, status: 415 },
    {
      what: 'an unknown charset',
      headers: { 'content-type': 'application/json; charset=klingon' },
      status: 415,
    },
    { what: 'an unknown encoding', headers: { 'content-encoding': 'zip' }, status: 415 },
    { what: 'more than the limit', body: `"${'x'.repeat(1_100_000)}"`, status: 413 },
  ])('answers $what with $status', async ({ body = '{}', headers = {}, status }) => {
    const answer = await api.post(body, headers);
    expect(answer.status).toBe(status);
    expect(problemSchema.parse(await answer.json()).status).toBe(status);
  });

  test('answers other methods with 405 and Allow', async () => {
    const answer = await fetch(`${api.url}/predict`, { method: 'DELETE' });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET, HEAD, POST');
  });

  test.each(['/nothing', '/%E0%A4%A'])('answers %s with a problem', async (path) => {
    const answer = await api.get(path);
    expect([400, 404]).toContain(answer.status);
    expect(problemSchema.parse(await answer.json()).status).toBe(answer.status);
  });
});

describe('GET /predict', () => {
  test('scores like POST, and stores nothing', async () => {
    const before = await countOf('default');
    const answer = await api.get('/predict?temperature=24&humidity=51&sound_volume=60');
    const { prediction, score, model } = predictionSchema.parse(
      await (await api.post({ ...reading, sensor_id: 'get' })).json(),
    );
    expect(await answer.json()).toEqual({ prediction, score, model });
    expect(await countOf('default')).toBe(before);
  });

  test.each([
    'temperature=',
    'temperature=24&humidity=51',
    'temperature=24&temperature=25&humidity=51&sound_volume=60',
  ])('rejects %s', async (query) => {
    expect((await api.get(`/predict?${query}`)).status).toBe(400);
  });
});
