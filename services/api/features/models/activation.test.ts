import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  activationSchema,
  featureValueOf,
  modelsSchema,
  predictionSchema,
  problemSchema,
  type StoredReading,
} from '@sensor-sentinel/contracts';
import { type Artifact, createPipeline } from '@sensor-sentinel/model';
import { drawLabeledReadings } from '@sensor-sentinel/model/training';
import { afterEach, beforeEach, describe, expect, inject, onTestFinished, test } from 'vitest';
import { createPool } from '../../storage/pool.ts';
import { climate } from '../../testing/climate.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { createShifted, createVariant, writeModel } from '../../testing/model-variants.ts';
import { startTestApi, type TestApi } from '../../testing/start-test-api.ts';
import { startWire } from '../../testing/start-wire.ts';
import { listReadings } from '../readings/list-readings.ts';

const first = createVariant();
const second = createShifted(0.4);
const alarmist = createShifted(20);
const reading = { temperature: 24, humidity: 51, sound_volume: 60 };

let database: TestDatabase;
let directory: string;

beforeEach(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  directory = mkdtempSync(join(tmpdir(), 'models-'));
  writeModel(directory, 'first.json', first);
  writeModel(directory, 'second.json', second);
  writeModel(directory, 'alarmist.json', alarmist);
});

afterEach(async () => {
  await database.drop();
  rmSync(directory, { recursive: true });
});

async function start(options: Partial<Parameters<typeof startTestApi>[0]> = {}): Promise<TestApi> {
  const api = await startTestApi({
    databaseUrl: database.url,
    modelDirectory: directory,
    modelName: 'first',
    ...options,
  });
  onTestFinished(api.stop);
  return api;
}

function post(api: TestApi, path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${api.url}${path}`, { method: 'POST', headers });
}

async function activate(api: TestApi, path: string) {
  const answer = await post(api, `/models/${path}`);
  expect(answer.status).toBe(200);
  return activationSchema.parse(await answer.json());
}

async function nameServing(api: TestApi): Promise<string | null> {
  const { model } = predictionSchema.parse(await (await api.post(reading)).json());
  return model;
}

async function listModels(api: TestApi) {
  return modelsSchema.parse(await (await api.get('/models')).json());
}

/** Stores generated readings, on which the models disagree; one sensor per 1000 readings. */
async function store(api: TestApi, count: number): Promise<void> {
  const { features } = drawLabeledReadings({ rows: count, seed: 7 });
  const rows = Array.from({ length: count }, (_, i) => {
    const [temperature, humidity, sound_volume] = features.values.subarray(i * 3, i * 3 + 3);
    return { temperature, humidity, sound_volume, sensor_id: `batch-${Math.floor(i / 1000)}` };
  });
  for (let at = 0; at < count; at += 1000) {
    expect((await api.post(rows.slice(at, at + 1000))).status).toBe(200);
  }
}

async function listStored(): Promise<StoredReading[]> {
  const pool = createPool({ databaseUrl: database.url, connections: 1 });
  const stored: StoredReading[] = [];
  let cursor: string | undefined;
  do {
    const query = { limit: 500, ranges: [], sort: 'timestamp', order: 'asc', cursor } as const;
    const page = await listReadings(pool, climate, query);
    stored.push(...page.readings);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  await pool.end();
  return stored;
}

function createScore(artifact: Artifact) {
  const pipeline = createPipeline(artifact);
  return (stored: StoredReading) => {
    const score = pipeline.score(
      pipeline.featureNames.map((name) => featureValueOf(stored, name) ?? Number.NaN),
    );
    return { score, prediction: pipeline.toPrediction(score) };
  };
}

describe('POST /models/{name}/activate', () => {
  test('activates a model by its file name or its own name, and reports the previous one', async () => {
    const api = await start();
    expect(await activate(api, 'second/activate')).toMatchObject({
      type: 'climate',
      model: second.name,
      previous: first.name,
      activated: true,
      gate: {
        readings: 0,
        changed: 0,
        to_anomaly: 0,
        to_normal: 0,
        changed_share: 0,
        max_changed: 0.1,
        checked: false,
        passed: true,
      },
    });
    expect(await nameServing(api)).toBe(second.name);
    expect(await listModels(api)).toMatchObject({ active: second.name, previous: first.name });
    const back = await activate(api, `${first.name}/activate?max_changed=1`);
    expect(back).toMatchObject({ model: first.name, previous: second.name });
    expect(await nameServing(api)).toBe(first.name);
  });

  test('runs concurrent activations one at a time, in order', async () => {
    const api = await start();
    const names = ['second', first.name, 'second'];
    const answers = await Promise.all(names.map((name) => activate(api, `${name}/activate`)));
    expect(answers).toMatchObject([
      { model: second.name, previous: first.name },
      { model: first.name, previous: second.name },
      { model: second.name, previous: first.name },
    ]);
    expect(await nameServing(api)).toBe(second.name);
  });

  test('keeps the previous model when the active one is activated again', async () => {
    const api = await start();
    await activate(api, 'second/activate');
    expect(await activate(api, 'second/activate')).toMatchObject({ previous: first.name });
    expect(await listModels(api)).toMatchObject({ previous: first.name });
  });

  test('rolls back to a model whose file was overwritten', async () => {
    const api = await start();
    await activate(api, 'second/activate');
    writeModel(directory, 'first.json', alarmist);
    await activate(api, `${first.name}/activate`);
    expect(await nameServing(api)).toBe(first.name);
  });

  test('names the loaded models when the model does not exist', async () => {
    const answer = await post(await start(), '/models/nothing/activate');
    expect(answer.status).toBe(404);
    const { detail } = problemSchema.parse(await answer.json());
    for (const { name } of [first, second, alarmist]) expect(detail).toContain(name);
  });

  test('rejects a modified file with its fault', async () => {
    writeModel(directory, 'tampered.json', { ...second, threshold: 0.9 });
    const answer = await post(await start(), '/models/tampered/activate');
    expect(answer.status).toBe(409);
    const problem = problemSchema.parse(await answer.json());
    expect(problem.type).toBe('urn:sensor-sentinel:problem:model_faulty');
    expect(problem.detail).toContain('the file was changed');
  });

  test('rejects invalid values and unknown parameters by name', async () => {
    const api = await start();
    const wrong = ['last=10001', 'last=1.5', 'max_changed=1.1', 'max_changed=', 'dry_run=yes', 'force=true'];
    for (const query of wrong) {
      const answer = await post(api, `/models/second/activate?${query}`);
      expect(answer.status).toBe(400);
      const { errors } = problemSchema.parse(await answer.json());
      expect(errors.map(({ path }) => path)).toEqual([query.split('=')[0]]);
    }
  });

  test('rejects GET and cross-site requests', async () => {
    const api = await start();
    const get = await api.get('/models/second/activate');
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await post(api, '/models/second/activate', { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect(await nameServing(api)).toBe(first.name);
  });
});

describe('the activation gate', () => {
  test('counts exactly the predictions that would change among the last readings', async () => {
    const api = await start();
    await store(api, 1500);
    const stored = await listStored();
    const newest = stored.filter(({ sensor_id }) => sensor_id === 'batch-1');
    const scoreBySecond = createScore(second);
    for (const rescored of [stored, newest]) {
      const last = rescored.length;
      const { gate, activated } = await activate(api, `second/activate?dry_run=true&last=${last}`);
      const changes = rescored.map((row) => scoreBySecond(row).prediction - Number(row.prediction));
      const toAnomaly = changes.filter((change) => change > 0).length;
      const toNormal = changes.filter((change) => change < 0).length;
      expect(toAnomaly).toBeGreaterThan(0);
      expect(gate).toMatchObject({ readings: last, to_anomaly: toAnomaly, to_normal: toNormal });
      expect(gate.changed_share).toBe((toAnomaly + toNormal) / last);
      expect(activated).toBe(false);
    }
    expect(await nameServing(api)).toBe(first.name);
  });

  test('rejects a model above max_changed, and says how to activate it anyway', async () => {
    const api = await start();
    await store(api, 300);
    const answer = await post(api, '/models/alarmist/activate');
    expect(answer.status).toBe(409);
    const { type, detail } = problemSchema.parse(await answer.json());
    expect(type).toBe('urn:sensor-sentinel:problem:activation_refused');
    const normal = (await listStored()).filter(({ prediction }) => prediction === 0).length;
    expect(detail).toContain(`would change ${normal} of the predictions of the last 300 readings`);
    expect(detail).toContain('max_changed=1');
    expect(await nameServing(api)).toBe(first.name);

    const dry = await activate(api, 'alarmist/activate?dry_run=true');
    expect(dry).toMatchObject({ activated: false, gate: { passed: false } });
    await activate(api, 'alarmist/activate?max_changed=1');
    expect(await nameServing(api)).toBe(alarmist.name);
  });

  test('passes a share of exactly max_changed', async () => {
    const api = await start();
    await store(api, 300);
    const { gate } = await activate(api, 'second/activate?dry_run=true');
    expect(gate.changed).toBeGreaterThan(0);
    await activate(api, `second/activate?max_changed=${gate.changed_share}`);
    expect(await nameServing(api)).toBe(second.name);
  });
});

describe('the comparison on feedback', () => {
  test('counts what the model and the one in use make of the readings with feedback', async () => {
    const api = await start();
    await store(api, 400);
    const labeled = (await listStored()).slice(0, 300);
    const feedback = labeled.map(({ id, temperature }) => ({ id, label: Number(temperature) > 24 ? 1 : 0 }));
    const body = JSON.stringify(feedback);
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(`${api.url}/feedback`, { method: 'POST', headers, body })).status).toBe(200);
    const answer = await activate(api, 'second/activate?dry_run=true');
    expect(answer.feedback.readings).toBe(300);
    for (const [artifact, compared] of [
      [second, answer.feedback.candidate],
      [first, answer.feedback.in_use],
    ] as const) {
      const score = createScore(artifact);
      const count = (prediction: number, label: number) =>
        labeled.filter((row, at) => score(row).prediction === prediction && feedback[at]?.label === label)
          .length;
      const [truePositive, falsePositive, falseNegative] = [count(1, 1), count(1, 0), count(0, 1)];
      expect(truePositive).toBeGreaterThan(0);
      expect(compared).toMatchObject({
        confusion: {
          true_positive: truePositive,
          false_positive: falsePositive,
          false_negative: falseNegative,
          true_negative: count(0, 0),
        },
        precision: truePositive / (truePositive + falsePositive),
        recall: truePositive / (truePositive + falseNegative),
      });
    }
  });

  test('has no ratios without feedback', async () => {
    const { feedback } = await activate(await start(), 'second/activate?dry_run=true');
    expect(feedback).toMatchObject({ readings: 0, candidate: { recall: null }, in_use: { precision: null } });
  });
});

describe('an activation under load', () => {
  test('fails no request, and every row has a score of the model that it names', async () => {
    const api = await start();
    let isOver = false;
    const statuses: number[] = [];
    const clients = Array.from({ length: 8 }, async (_, client) => {
      for (let i = 0; !isOver; i++) {
        const row = { ...reading, humidity: 45 + ((client * 7 + i) % 100) / 10 };
        const answer = await api.post(i % 5 === 0 ? [row, row, row] : row);
        statuses.push(answer.status);
        await answer.arrayBuffer();
      }
    });
    for (let round = 0; round < 20 || statuses.length < 300; round++) {
      await activate(api, `${round % 2 === 0 ? 'second' : 'first'}/activate?max_changed=1`);
    }
    isOver = true;
    await Promise.all(clients);
    expect(new Set(statuses)).toEqual(new Set([200]));
    const stored = await listStored();
    const scores = new Map([first, second].map((artifact) => [artifact.name, createScore(artifact)]));
    for (const row of stored) {
      expect(scores.get(String(row.model))?.(row)).toEqual({ score: row.score, prediction: row.prediction });
    }
    expect(new Set(stored.map(({ model }) => model)).size).toBe(2);
  });
});

describe('an activation', () => {
  test('is applied by a second API on the same database', async () => {
    const [one, other] = [await start(), await start()];
    await activate(one, 'second/activate');
    await expect.poll(() => nameServing(other)).toBe(second.name);
    expect(await listModels(other)).toMatchObject({ active: second.name, previous: first.name });
    await activate(other, 'first/activate?max_changed=1');
    await expect.poll(() => nameServing(one)).toBe(first.name);
  });

  test('survives a restart, with the previous model', async () => {
    await activate(await start(), 'second/activate');
    const restarted = await start();
    expect(await nameServing(restarted)).toBe(second.name);
    expect(await listModels(restarted)).toMatchObject({ active: second.name, previous: first.name });
  });

  test('of a model that is missing after a restart stops scoring, and says how to fix it', async () => {
    await activate(await start(), 'second/activate');
    rmSync(join(directory, 'second.json'));
    const restarted = await start();
    const answer = await restarted.get('/readyz');
    expect(answer.status).toBe(503);
    const { detail } = problemSchema.parse(await answer.json());
    expect(detail).toContain(`${second.name}, activated at`);
    expect(detail).toContain('/activate');
    expect((await restarted.post(reading)).status).toBe(503);

    await activate(restarted, 'first/activate');
    expect((await restarted.get('/readyz')).status).toBe(200);
    expect(await nameServing(restarted)).toBe(first.name);
  });

  test('is ignored by an API with another MODEL_NAME, until the next activation', async () => {
    await activate(await start(), 'second/activate');
    const changed = await start({ modelName: 'alarmist' });
    expect(await nameServing(changed)).toBe(alarmist.name);
    expect(await listModels(changed)).toMatchObject({ previous: second.name });
    await activate(changed, 'first/activate?max_changed=1');
    expect(await nameServing(await start({ modelName: 'alarmist' }))).toBe(first.name);
  });

  test('is applied by a replica without the file once it has the file', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'models-'));
    onTestFinished(() => rmSync(elsewhere, { recursive: true }));
    writeModel(elsewhere, 'first.json', first);
    const replica = await start({ modelDirectory: elsewhere });
    await activate(await start(), 'second/activate');
    await expect.poll(async () => (await replica.get('/readyz')).status).toBe(503);
    expect(await nameServing(replica)).toBe(first.name);
    const answer = await replica.get('/readyz');
    expect(problemSchema.parse(await answer.json()).detail).toContain(`${first.name} stays active`);

    writeModel(elsewhere, 'another-file.json', second);
    await expect.poll(() => nameServing(replica)).toBe(second.name);
    expect((await replica.get('/readyz')).status).toBe(200);
  });
});

describe('while the database is unavailable', () => {
  test('the active model stays active, and later activations are applied afterwards', async () => {
    const url = new URL(database.url);
    const wire = await startWire({ host: url.hostname, port: Number(url.port || 3306) });
    url.hostname = '127.0.0.1';
    url.port = String(wire.port);
    const api = await start({ databaseUrl: url.href });
    await wire.cut();
    onTestFinished(wire.cut);
    expect((await api.get('/predict?temperature=24&humidity=51&sound_volume=60')).status).toBe(200);
    expect((await post(api, '/models/second/activate')).status).toBe(503);

    const starting = await start({ databaseUrl: url.href });
    for (const path of ['/predict?temperature=24&humidity=51&sound_volume=60', '/readyz'])
      expect((await starting.get(path)).status).toBe(503);
    const answer = await starting.get('/readyz');
    expect(problemSchema.parse(await answer.json()).detail).toContain('not known yet');

    await activate(await start(), 'second/activate');
    await wire.mend();
    for (const each of [api, starting])
      await expect.poll(() => nameServing(each), { timeout: 30_000 }).toBe(second.name);
  });
});
