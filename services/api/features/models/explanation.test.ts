import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Explanation,
  modelSchema,
  predictionAnswerSchema,
  predictionSchema,
  problemSchema,
  readingExplanationSchema,
  scoredAnswerSchema,
} from '@sensor-sentinel/contracts';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { createShifted, createVariant, writeModel } from '../../testing/model-variants.ts';
import { startTestApi, type TestApi } from '../../testing/start-test-api.ts';

const first = createVariant();
const second = createShifted(0.4);
const bare = createVariant((artifact) => {
  artifact.background = [];
});
const unscorable = createVariant((artifact) => {
  artifact.background = [[1e300, 0, 0]];
});
const foreign = createVariant(({ features }) => {
  features[0] = { name: 'pressure', unit: 'hPa' };
});
const reading = { temperature: 20.5, humidity: 44, sound_volume: 85 };
const query = 'temperature=20.5&humidity=44&sound_volume=85';

let database: TestDatabase;
let directory: string;
let api: TestApi;

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  directory = mkdtempSync(join(tmpdir(), 'models-'));
  writeModel(directory, 'first.json', first);
  writeModel(directory, 'second.json', second);
  writeModel(directory, 'bare.json', bare);
  writeModel(directory, 'foreign.json', foreign);
  writeModel(directory, 'unscorable.json', unscorable);
  api = await startTestApi({ databaseUrl: database.url, modelDirectory: directory, modelName: 'first' });
});

afterAll(async () => {
  await api.stop();
  await database.drop();
  rmSync(directory, { recursive: true });
});

function postPredict(search: string, body: unknown): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(`${api.url}/predict${search}`, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function activate(name: string): Promise<void> {
  const answer = await fetch(`${api.url}/models/${name}/activate?max_changed=1`, { method: 'POST' });
  expect(answer.status).toBe(200);
}

function sum({ base_value, contributions }: Explanation): number {
  return contributions.reduce((total, { contribution }) => total + contribution, base_value);
}

describe('explain=true', () => {
  test('adds contributions to GET /predict that sum to the score', async () => {
    const answer = scoredAnswerSchema.parse(await (await api.get(`/predict?${query}&explain=true`)).json());
    const { explanation, score, prediction, votes } = answer;
    expect(explanation).toMatchObject({ model: first.name, score, prediction });
    expect(explanation?.background_readings).toBe(first.background.length);
    expect(explanation?.contributions.map(({ feature, value }) => [feature, value])).toEqual(
      Object.entries(reading),
    );
    expect(explanation && sum(explanation)).toBeCloseTo(Number(score), 9);
    expect(votes).toBeUndefined();
  });

  test('has the normal range of each feature', async () => {
    const model = modelSchema.parse(await (await api.get('/model')).json());
    const answer = scoredAnswerSchema.parse(await (await api.get(`/predict?${query}&explain=true`)).json());
    expect(answer.explanation?.contributions.map(({ normal_range }) => normal_range)).toEqual(
      model.features.map(({ normal_range }) => normal_range),
    );
    expect(answer.explanation?.contributions[1]?.normal_range?.low).toBeGreaterThan(reading.humidity);
  });

  test('names the smallest change of one feature that flips the prediction', async () => {
    const { explanation, prediction } = scoredAnswerSchema.parse(
      await (await api.get('/predict?temperature=24&humidity=51&sound_volume=60&explain=true')).json(),
    );
    const flip = explanation?.counterfactual;
    expect(flip?.prediction).toBe(1 - Number(prediction));
    const changed = { temperature: 24, humidity: 51, sound_volume: 60, [flip?.feature ?? '']: flip?.value };
    const texts = Object.entries(changed).map(([name, value]) => [name, String(value)]);
    const search = new URLSearchParams(Object.fromEntries(texts));
    expect(await (await api.get(`/predict?${search}`)).json()).toMatchObject({
      prediction: flip?.prediction,
      score: flip?.score,
    });
  });

  test('adds the explanation of the stored score to POST /predict', async () => {
    const answer = predictionAnswerSchema.parse(await (await postPredict('?explain=true', reading)).json());
    expect(answer.explanation).toMatchObject({ model: answer.model, score: answer.score });
  });

  test('explains a duplicate by the model that scored it', async () => {
    const body = { ...reading, id: randomUUID() };
    await postPredict('', body);
    await activate('second');
    const repeated = await postPredict('?explain=true', body);
    expect(repeated.headers.get('idempotency-replayed')).toBe('true');
    const { score, model, explanation } = predictionAnswerSchema.parse(await repeated.json());
    expect(model).toBe(first.name);
    expect(explanation).toMatchObject({ model: first.name, score });
    await activate('first');
  });

  test.each(['bare', 'unscorable'])(
    'is rejected before storing if the model cannot score its background readings: %s',
    async (name) => {
      await activate(name);
      const body = { ...reading, id: randomUUID() };
      const answer = await postPredict('?explain=true', body);
      expect(answer.status).toBe(409);
      expect(problemSchema.parse(await answer.json()).type).toContain('explanation_unavailable');
      expect((await postPredict('', body)).headers.get('idempotency-replayed')).toBeNull();
      expect((await api.get(`/predict?${query}&explain=true`)).status).toBe(409);
      await activate('first');
    },
  );
});

describe('votes=true', () => {
  test('lists the prediction of every loaded model with the same features', async () => {
    const { votes, explanation } = scoredAnswerSchema.parse(
      await (await api.get(`/predict?${query}&votes=true`)).json(),
    );
    expect(votes?.map(({ model }) => model)).toEqual(
      [first, second, bare, unscorable].map(({ name }) => name).toSorted(),
    );
    for (const vote of votes ?? []) expect(vote.family).toBe('gradient-boosting');
    expect(explanation).toBeUndefined();
    await activate('second');
    const own = scoredAnswerSchema.parse(await (await api.get(`/predict?${query}`)).json());
    expect(votes?.find(({ model }) => model === second.name)).toMatchObject(own);
    await activate('first');
  });

  test('can be combined with explain=true and with POST', async () => {
    const answer = await postPredict('?votes=true&explain=true', reading);
    const { votes, explanation } = predictionAnswerSchema.parse(await answer.json());
    expect([votes?.length, explanation?.model]).toEqual([4, first.name]);
  });
});

describe('the query of POST /predict', () => {
  test.each([
    ['?explain=yes', 'explain'],
    ['?explain=', 'explain'],
    ['?explain=true&explain=true', 'explain'],
    ['?votes=1', 'votes'],
    ['?dry_run=true', 'dry_run'],
  ])('%s is rejected by name', async (search, path) => {
    const answer = await postPredict(search, reading);
    expect(answer.status).toBe(400);
    expect(problemSchema.parse(await answer.json()).errors.map((error) => error.path)).toEqual([path]);
  });

  test.each(['explain', 'votes'])('?%s=true is rejected for an array, which is not stored', async (name) => {
    const id = randomUUID();
    const answer = await postPredict(`?${name}=true`, [{ ...reading, id }]);
    expect(answer.status).toBe(400);
    expect(problemSchema.parse(await answer.json()).detail).toContain('not for an array');
    expect((await api.get(`/readings/${id}/explanation`)).status).toBe(404);
  });

  test('treats false like a missing parameter', async () => {
    const answer = await postPredict('?explain=false&votes=false', [reading]);
    expect(answer.status).toBe(200);
  });
});

describe('GET /readings/{id}/explanation', () => {
  test('explains the stored score by its model, with the votes of all models', async () => {
    const { id, score } = predictionSchema.parse(await (await postPredict('', reading)).json());
    await activate('second');
    const answer = await api.get(`/readings/${id.toUpperCase()}/explanation`);
    const explained = readingExplanationSchema.parse(await answer.json());
    expect(explained).toMatchObject({ id, explanation: { model: first.name, score } });
    expect(explained.votes).toHaveLength(4);
    await activate('first');
  });

  test('is 409 with the name of the model if it is not loaded', async () => {
    const gone = createShifted(0.1);
    writeModel(directory, 'gone.json', gone);
    await activate('gone');
    const { id } = predictionSchema.parse(await (await postPredict('', reading)).json());
    rmSync(join(directory, 'gone.json'));
    await activate('second');
    await activate('first');
    const answer = await api.get(`/readings/${id}/explanation`);
    expect(answer.status).toBe(409);
    expect(problemSchema.parse(await answer.json()).detail).toContain(gone.name);
    const repeated = await postPredict('?explain=true', { ...reading, id });
    expect(repeated.status).toBe(409);
  });
});

describe('GET /readings/{id}', () => {
  test('returns the stored reading', async () => {
    const sent = {
      ...reading,
      id: randomUUID(),
      sensor_id: 'requested',
      timestamp: '2026-01-02T03:04:05.678Z',
    };
    const prediction = predictionSchema.parse(await (await postPredict('', sent)).json());
    const answer = await api.get(`/readings/${sent.id.toUpperCase()}`);
    expect(await answer.json()).toEqual({ ...prediction, ...sent });
  });

  test('answers other methods with 405 and Allow', async () => {
    const answer = await fetch(`${api.url}/readings/${randomUUID()}`, { method: 'DELETE' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });
});

describe.each(['', '/explanation'])('/readings/{id}%s', (path) => {
  test.each([
    ['an unknown id', randomUUID(), 404],
    ['an invalid id', '1', 400],
    ['an unknown parameter', `${randomUUID()}?votes=true`, 400],
  ])('rejects %s', async (_what, id, status) => {
    const [name = '', search = ''] = id.split('?');
    const answer = await api.get(`/readings/${name}${path}?${search}`);
    expect(answer.status).toBe(status);
    const expected = { 404: name, 400: search === '' ? 'id: expected a UUID' : 'votes' }[status];
    expect(problemSchema.parse(await answer.json()).detail).toContain(expected);
  });
});
