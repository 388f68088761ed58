import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { modelSchema, type Prediction, predictionSchema } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { findReadingsByIds } from './features/readings/find-readings.ts';
import { toStoredReading } from './features/readings/reading-row.ts';
import { createTypeRegistry } from './features/types/type-registry.ts';
import { createPool } from './storage/pool.ts';
import { createTestDatabase, type TestDatabase } from './testing/create-test-database.ts';
import { createShifted, createVariant, writeModel } from './testing/model-variants.ts';
import { type ApiProcess, startApiProcess } from './testing/start-api-process.ts';

let database: TestDatabase;
let pool: Pool;
let api: ApiProcess;

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  pool = createPool({ databaseUrl: database.url, connections: 1 });
});

beforeEach(async () => {
  api = await startApiProcess({ DATABASE_URL: database.url });
  return async () => {
    api.child.kill('SIGKILL');
    await api.exited;
  };
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** Sends one reading after the other until the API is down; returns the predictions. A busy API may refuse some readings. */
async function sendUntilGone(onPrediction: () => void): Promise<Prediction[]> {
  const answered: Prediction[] = [];
  for (;;) {
    const body = JSON.stringify({ temperature: 24, humidity: 51, sound_volume: 60, id: randomUUID() });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${api.url}/predict`, { method: 'POST', headers, body }).catch(
      () => undefined,
    );
    if (answer === undefined) return answered;
    const text = await answer.text().catch(() => '');
    if (answer.status !== 200 || text === '') continue;
    answered.push(predictionSchema.parse(JSON.parse(text)));
    onPrediction();
  }
}

describe.each(['SIGTERM', 'SIGKILL'] as const)('the API on %s under load', (signal) => {
  test('has stored every reading that it answered, with the same prediction', async () => {
    let predictions = 0;
    const onPrediction = () => {
      predictions += 1;
      if (predictions === 200) api.child.kill(signal);
    };
    const streams = await Promise.all(Array.from({ length: 16 }, () => sendUntilGone(onPrediction)));
    const answered = streams.flat();
    expect(await api.exited).toEqual(
      signal === 'SIGTERM' ? { code: 0, signal: null } : { code: null, signal: 'SIGKILL' },
    );
    expect(answered.length).toBeGreaterThanOrEqual(200);
    const types = createTypeRegistry({ pool, defaultName: 'climate' });
    const ids = answered.map(({ id }) => id);
    const stored = await findReadingsByIds(pool, types, ids);
    const byId = new Map(stored.map((reading) => [reading.id, toStoredReading(reading)]));
    for (const prediction of answered) expect(byId.get(prediction.id)).toMatchObject(prediction);
  });
});

describe('two API processes on one database', () => {
  async function nameModel({ url }: ApiProcess): Promise<string> {
    return modelSchema.parse(await (await fetch(`${url}/model`)).json()).name;
  }

  test('serve a model that is activated on one of them, and so does a third one started later', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'models-'));
    const environment = { DATABASE_URL: database.url, MODEL_DIR: directory, MODEL_NAME: 'first' };
    const [first, second] = [createVariant(), createShifted(0.1)];
    writeModel(directory, 'first.json', first);
    writeModel(directory, 'second.json', second);
    const replicas = await Promise.all([startApiProcess(environment), startApiProcess(environment)]);
    expect(await Promise.all(replicas.map(nameModel))).toEqual([first.name, first.name]);
    const [one, other] = replicas;
    await fetch(`${one.url}/models/second/activate?max_changed=1`, { method: 'POST' });
    expect(await nameModel(one)).toBe(second.name);
    while ((await nameModel(other)) !== second.name);
    const late = await startApiProcess(environment);
    expect(await nameModel(late)).toBe(second.name);
    for (const { child, exited } of [...replicas, late]) {
      child.kill('SIGTERM');
      expect(await exited).toEqual({ code: 0, signal: null });
    }
    rmSync(directory, { recursive: true });
  });
});

describe('the API with an invalid configuration', () => {
  test('does not start and names every invalid variable', () => {
    const main = fileURLToPath(new URL('./main.ts', import.meta.url));
    const env = { DATABASE_URL: 'postgres://x', API_PORT: '99999', LOG_LEVEL: 'loud' };
    const { status, stderr } = spawnSync(process.execPath, [main], { env, encoding: 'utf8' });
    expect(status).toBe(2);
    expect(stderr).toContain('DATABASE_URL: expected mysql://');
    expect(stderr).toContain('API_PORT');
    expect(stderr).toContain('LOG_LEVEL');
  });

  test('says how to fix a port that is in use', () => {
    const main = fileURLToPath(new URL('./main.ts', import.meta.url));
    const env = { DATABASE_URL: database.url, API_PORT: new URL(api.url).port };
    const { status, stderr } = spawnSync(process.execPath, [main], { env, encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toContain('Set API_PORT');
  });
});
