import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  modelSchema,
  predictionSchema,
  type ReadingEvent,
  readingsEventSchema,
} from '@sensor-sentinel/contracts';
import mysql, { type Connection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { climateKey, createStorageKeys, toSensorName } from '../../storage/keys.ts';
import { createPool } from '../../storage/pool.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { createShifted, createVariant, writeModel } from '../../testing/model-variants.ts';
import { type EventReader, readEvents } from '../../testing/read-events.ts';
import { startTestApi, type TestApi } from '../../testing/start-test-api.ts';

const normal = { temperature: 24, humidity: 52, sound_volume: 60 };
const anomaly = { temperature: 19.5, humidity: 41, sound_volume: 99 };

let database: TestDatabase;
let admin: Connection;
let replicas: [TestApi, TestApi];

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  admin = await mysql.createConnection(database.adminUrl);
  const options = { databaseUrl: database.url };
  replicas = [await startTestApi(options), await startTestApi(options)];
});

afterAll(async () => {
  await Promise.all(replicas.map((api) => api.stop()));
  await admin.end();
  await database.drop();
});

/** Resolves after the first event. */
async function openStream(api: TestApi, query = '') {
  const stream = await readEvents(`${api.url}/stream${query}`);
  expect(stream.status).toBe(200);
  await stream.take('model', 1);
  return stream;
}

/** Resolves with the readings of the next batches, once there are enough. */
async function takeReadings(stream: EventReader, count: number): Promise<ReadingEvent[]> {
  const readings: ReadingEvent[] = [];
  while (readings.length < count) {
    const [batch] = await stream.take('readings', 1);
    readings.push(...readingsEventSchema.parse(batch?.data));
  }
  return readings;
}

const insertSql = `INSERT INTO readings (id, type, sensor, timestamp, received_at, features, prediction, score, model)
  VALUES (UNHEX(REPLACE(UUID(), '-', '')), 1, ?, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3), '[24,52,60]', 0, 0.1, ?)`;

/** Stores a reading in the transaction of the connection. The names get their keys outside of it. */
async function insertRaw(connection: Connection, sensor: string): Promise<void> {
  const pool = createPool({ databaseUrl: database.url, connections: 1, isWriting: true });
  const { sensors, models } = createStorageKeys({ pool, maxSensors: 1000 });
  const name = toSensorName(climateKey, sensor);
  await sensors.learn(new Set([name]));
  await models.learn(new Set(['m']));
  await pool.end();
  await connection.query(insertSql, [sensors.known(name), models.known('m')]);
}

describe('GET /stream', () => {
  test('starts with the model, and sends every stored reading', async () => {
    const stream = await readEvents(`${replicas[0].url}/stream`);
    expect(stream.headers.get('content-type')).toBe('text/event-stream');
    expect(stream.headers.get('x-accel-buffering')).toBe('no');
    expect(await stream.next()).toMatchObject({
      event: 'model',
      data: {
        type: 'climate',
        model: modelSchema.parse(await (await replicas[0].get('/model')).json()).name,
      },
    });
    const answer = await replicas[0].post({ ...normal, sensor_id: 'one' });
    const readings = await takeReadings(stream, 1);
    expect(readings).toEqual([
      {
        ...predictionSchema.parse(await answer.json()),
        ...normal,
        received_at: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    ]);
    stream.close();
  });

  test('sends each reading once, in order per sensor, from concurrent writers of two replicas', async () => {
    const streams = await Promise.all(replicas.map((api) => openStream(api)));
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      const ids: string[] = [];
      for (let index = 0; index < 25; index++) {
        const id = randomUUID();
        const api = replicas[(writer + index) % 2] ?? replicas[0];
        expect((await api.post({ ...normal, id, sensor_id: `writer-${writer}` })).status).toBe(200);
        ids.push(id);
      }
      return ids;
    });
    const sent = await Promise.all(writers);
    for (const stream of streams) {
      const readings = await takeReadings(stream, 200);
      for (const [writer, ids] of sent.entries()) {
        const own = readings.filter(({ sensor_id }) => sensor_id === `writer-${writer}`);
        expect(own.map(({ id }) => id)).toEqual(ids);
      }
      stream.close();
    }
  });

  test('delivers a reading that is committed after later ones', async () => {
    const slow = await mysql.createConnection(database.adminUrl);
    await slow.query('START TRANSACTION');
    await insertRaw(slow, 'slow-writer');
    const stream = await openStream(replicas[0]);
    await replicas[1].post({ ...normal, sensor_id: 'quick-writer' });
    expect(await takeReadings(stream, 1)).toMatchObject([{ sensor_id: 'quick-writer' }]);
    await slow.query('COMMIT');
    await slow.end();
    expect(await takeReadings(stream, 1)).toMatchObject([{ sensor_id: 'slow-writer' }]);
    stream.close();
  });

  test('sends a batch of at most 200 readings, the newest, and then asks to fetch the others', async () => {
    const stream = await openStream(replicas[0], '?sensor_id=many');
    const ids = Array.from({ length: 900 }, () => randomUUID());
    await replicas[0].post(ids.map((id) => ({ ...normal, id, sensor_id: 'many' })));
    await stream.take('refetch', 1);
    await replicas[0].post({ ...normal, id: ids[0], sensor_id: 'many' }); // a duplicate is not sent again
    const last = randomUUID();
    await replicas[0].post({ ...normal, id: last, sensor_id: 'many' });
    expect((await takeReadings(stream, 1)).map(({ id }) => id)).toEqual([last]);
    stream.close();
  });

  test('sends whoever reconnects only what arrives from then on', async () => {
    const first = await openStream(replicas[0], '?sensor_id=again');
    await replicas[0].post({ ...normal, sensor_id: 'again' });
    await takeReadings(first, 1);
    first.close();
    await replicas[0].post({ ...normal, sensor_id: 'again' });
    const second = await openStream(replicas[1], '?sensor_id=again');
    const id = randomUUID();
    await replicas[0].post({ ...normal, id, sensor_id: 'again' });
    expect(await takeReadings(second, 1)).toMatchObject([{ id }]);
    second.close();
  });

  test('filters by several sensors, and refuses unknown parameters', async () => {
    const stream = await openStream(replicas[0], '?sensor_id=this&sensor_id=that');
    await replicas[0].post([
      { ...normal, sensor_id: 'this' },
      { ...normal, sensor_id: 'neither' },
    ]);
    await replicas[0].post({ ...normal, sensor_id: 'that' });
    const sensors = (await takeReadings(stream, 2)).map(({ sensor_id }) => sensor_id);
    expect(sensors).toEqual(['this', 'that']);
    stream.close();
    expect((await replicas[0].get('/stream?color=red')).status).toBe(400);
    expect((await fetch(`${replicas[0].url}/stream`, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`${replicas[0].url}/stream`, { method: 'HEAD' })).status).toBe(200);
  });

  test('sends an alert when the state of a sensor changes', async () => {
    const stream = await openStream(replicas[0], '?sensor_id=watched');
    for (const reading of [normal, normal, anomaly, anomaly, normal])
      await replicas[1].post({ ...reading, sensor_id: 'watched' });
    // The normal reading directly after the anomalies does not end the state.
    const changes = await stream.take('alert', 2);
    expect(changes.map(({ data }) => data)).toMatchObject([
      { type: 'climate', sensor_id: 'watched', previous: null, state: 'normal' },
      { previous: 'normal', state: 'anomaly' },
    ]);
    stream.close();
  });

  test('reports an anomaly of a sensor that sent a reading stamped 23 h ahead', async () => {
    const stream = await openStream(replicas[0], '?sensor_id=ahead');
    const timestamp = new Date(Date.now() + 82_800_000).toISOString();
    await replicas[1].post({ ...normal, sensor_id: 'ahead', timestamp });
    await replicas[1].post({ ...anomaly, sensor_id: 'ahead' });
    const changes = await stream.take('alert', 2);
    expect(changes[1]?.data).toMatchObject({ previous: 'normal', state: 'anomaly' });
    stream.close();
  });

  test('sends the model after another one is activated', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'models-'));
    const second = createShifted(0.1);
    writeModel(directory, 'first.json', createVariant());
    writeModel(directory, 'second.json', second);
    const own = await createTestDatabase(inject('databaseAdminUrl'));
    const api = await startTestApi({ databaseUrl: own.url, modelDirectory: directory, modelName: 'first' });
    const stream = await openStream(api);
    await fetch(`${api.url}/models/second/activate`, { method: 'POST' });
    expect((await stream.take('model', 1))[0]?.data).toEqual({ type: 'climate', model: second.name });
    await api.stop();
    expect(await stream.next()).toMatchObject({ event: 'end' });
    await own.drop();
    rmSync(directory, { recursive: true });
  });
});

describe('GET /stream under pressure', () => {
  test('refuses clients above MAX_STREAMS, until one disconnects', async () => {
    const api = await startTestApi({ databaseUrl: database.url, settings: { MAX_STREAMS: '2' } });
    const streams = [await openStream(api), await openStream(api)];
    const refused = await api.get('/stream');
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    streams[0]?.close();
    while ((await fetch(`${api.url}/stream`, { method: 'HEAD' })).status !== 200);
    let next = await readEvents(`${api.url}/stream`);
    while (next.status !== 200) next = await readEvents(`${api.url}/stream`);
    next.close();
    await api.stop();
  });
});
