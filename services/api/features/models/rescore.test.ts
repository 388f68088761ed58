import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  accuracySchema,
  activationSchema,
  distributionSchema,
  typeAnswerSchema,
} from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createAdminConnection } from '../../storage/admin-connection.ts';
import { createStorageKeys } from '../../storage/keys.ts';
import { createPool } from '../../storage/pool.ts';
import { expectRollupsToEqualRows } from '../../testing/compare-rollups.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { createVariant, writeModel } from '../../testing/model-variants.ts';
import { startTestApi, type TestApi } from '../../testing/start-test-api.ts';
import { verifyFeedback } from '../feedback/verify-feedback.ts';
import { verifyRollups } from '../statistics/rollups/verify-rollups.ts';
import { createTypeRegistry } from '../types/type-registry.ts';
import { createModelFolder } from './model-folder.ts';
import { rescoreReadings } from './rescore.ts';

const features = ['warmth', 'damp', 'noise'];
const count = 2500;
const start = Date.parse('2026-03-01T10:00:00.000Z');

let directory: string;
let database: TestDatabase;
let pool: Pool;
let api: TestApi;
const ids = Array.from({ length: count }, () => v7());

/** A model of the type `cabinet`, which scores the same values as the packaged one. */
const artifact = createVariant((made) => {
  made.type = 'cabinet';
  made.features = features.map((name) => ({ name, unit: '' }));
});

async function post(path: string, body: unknown): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(`${api.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'rescore-'));
  database = await createTestDatabase(inject('databaseAdminUrl'));
  pool = createPool({ databaseUrl: database.url, connections: 2, isWriting: true });
  writeModel(directory, 'cabinet.json', artifact);
  writeModel(directory, 'gradient-boosting.json', createVariant());
  api = await startTestApi({ databaseUrl: database.url, modelDirectory: directory });
  await post('/types', { name: 'cabinet', features: features.map((name) => ({ name })) });
  const rows = ids.map((id, index) => ({
    id,
    type: 'cabinet',
    sensor_id: `c-${index % 3}`,
    timestamp: new Date(start + index * 1000).toISOString(),
    warmth: index % 9 === 0 ? null : 20 + (index % 8),
    damp: 45 + (index % 13),
    noise: 40 + (index % 50),
  }));
  for (let from = 0; from < count; from += 500) await api.post(rows.slice(from, from + 500));
  await post(
    '/feedback',
    [0, 1, 2].map((index) => ({ id: ids[index + 1], label: index % 2 })),
  );
});

afterAll(async () => {
  await api.stop();
  await pool.end();
  await database.drop();
  rmSync(directory, { recursive: true });
});

async function getDistribution() {
  return distributionSchema.parse(await (await api.get('/distribution?type=cabinet')).json());
}

test('the activation of a model makes its sensor type', async () => {
  const door = createVariant((made) => {
    made.type = 'door';
    made.features = ['angle', 'force', 'noise'].map((name) => ({ name, unit: name === 'angle' ? '°' : '' }));
  });
  writeModel(directory, 'door.json', door);
  const dryRun = await post(`/models/${door.name}/activate?dry_run=true`, undefined);
  expect(activationSchema.parse(await dryRun.json())).toMatchObject({ type: 'door', activated: false });
  expect((await api.get('/types/door')).status).toBe(404);
  expect((await post(`/models/${door.name}/activate`, undefined)).status).toBe(200);
  const type = typeAnswerSchema.parse(await (await api.get('/types/door')).json());
  expect(type).toMatchObject({ model: door.name, features: [{ name: 'angle', unit: '°' }, {}, {}] });
  const answer = await api.post({ type: 'door', angle: 20, force: 50, noise: 60 });
  expect(await answer.json()).toMatchObject({ prediction: expect.any(Number), model: door.name });
});

describe('rescoreReadings', () => {
  test('scores what was stored before there was a model', async () => {
    expect(await getDistribution()).toMatchObject({ count, unscored: count });
    const activation = await post(`/models/${artifact.name}/activate`, undefined);
    expect(activationSchema.parse(await activation.json())).toMatchObject({
      type: 'cabinet',
      activated: true,
      gate: { readings: 0 },
    });
    const answer = typeAnswerSchema.parse(await (await api.get('/types/cabinet')).json());
    expect(answer.model).toBe(artifact.name);

    const types = createTypeRegistry({ pool, defaultName: 'climate' });
    const type = await types.require('cabinet');
    const folder = createModelFolder(directory, new AbortController().signal);
    await folder.scan();
    const model = folder
      .models()
      .find(({ name }) => name === artifact.name)
      ?.bind(type);
    if (model === undefined) throw new Error('the model is not loaded');
    const { models } = createStorageKeys({ pool, maxSensors: 100 });
    const incomplete = ids.filter((_, index) => index % 9 === 0).length;
    const options = { pool, type, model, models, onProgress: () => undefined };
    const first = await rescoreReadings({ ...options, sinceMs: start + 1000_000 });
    const rest = await rescoreReadings({ ...options, sinceMs: 0 });
    const again = await rescoreReadings({ ...options, sinceMs: 0 });
    expect(first.scored + rest.scored).toBe(count - incomplete);
    expect(again).toEqual({ scored: 0, anomalies: 0, incomplete });

    const { predictions, unscored, score_histogram } = await getDistribution();
    expect(predictions).toEqual({
      0: count - incomplete - first.anomalies - rest.anomalies,
      1: first.anomalies + rest.anomalies,
    });
    expect(predictions[1]).toBeGreaterThan(100);
    expect(unscored).toBe(incomplete);
    expect(score_histogram.reduce((sum, bin) => sum + bin.count, 0)).toBe(count - incomplete);
  });

  test('leaves rollups and feedback equal to the readings', async () => {
    expect(await expectRollupsToEqualRows(database.url)).toBeGreaterThan(0);
    const admin = await createAdminConnection(database.adminUrl);
    try {
      const options = { isRepairing: false, onFault: () => undefined };
      expect(await verifyRollups(admin, options)).toMatchObject({ faults: 0 });
      expect(await verifyFeedback(admin, options)).toMatchObject({ faults: 0 });
    } finally {
      admin.destroy();
    }
    const accuracy = accuracySchema.parse(await (await api.get('/accuracy?type=cabinet')).json());
    expect(accuracy.labeled).toBe(3);
  });
});
