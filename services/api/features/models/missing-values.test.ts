import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { predictionAnswerSchema, problemSchema } from '@sensor-sentinel/contracts';
import type { Artifact } from '@sensor-sentinel/model';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { createVariant, writeModel } from '../../testing/model-variants.ts';
import { startTestApi, type TestApi } from '../../testing/start-test-api.ts';

const fill = [24, 52, 60];

function createImputing(values: (number | null)[]): Artifact {
  return createVariant((artifact) => {
    artifact.imputer = { fill: values, after_scaler: false };
  });
}

const variants: Record<string, Artifact> = {
  plain: createVariant(),
  imputing: createImputing(fill),
  partly: createImputing([24, null, 60]),
  native: createVariant(({ classifier }) => {
    if (classifier.family !== 'gradient-boosting') throw new Error('expected gradient boosting');
    classifier.missing_left = classifier.trees.value.map(() => 1);
  }),
  isolation: createVariant((artifact) => {
    artifact.imputer = { fill, after_scaler: false };
    artifact.scaler = { kind: 'none' };
    const trees = { feature: [2, -1, -1], threshold: [75, 0, 0], left: [1, -1, -1], right: [2, -1, -1] };
    artifact.classifier = {
      family: 'isolation-forest',
      trees: { roots: [0], ...trees, value: [0, 6, 1] },
      normalizer: 4,
      offset: 0.6,
    };
    artifact.threshold = 0.6;
  }),
};

let database: TestDatabase;
let directory: string;
let api: TestApi;

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  directory = mkdtempSync(join(tmpdir(), 'models-'));
  for (const [name, artifact] of Object.entries(variants)) writeModel(directory, `${name}.json`, artifact);
  api = await startTestApi({ databaseUrl: database.url, modelDirectory: directory, modelName: 'plain' });
});

afterAll(async () => {
  await api.stop();
  await database.drop();
  rmSync(directory, { recursive: true });
});

async function activate(name: string): Promise<void> {
  const answer = await fetch(`${api.url}/models/${name}/activate?max_changed=1`, { method: 'POST' });
  expect(answer.status).toBe(200);
}

function post(body: unknown, search = ''): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(`${api.url}/predict${search}`, { method: 'POST', headers, body: JSON.stringify(body) });
}

const incomplete = { temperature: null, humidity: 44, sound_volume: 85 };

describe('a reading with a missing value', () => {
  test.each(['plain'])('is rejected by %s, which says what is missing', async (name) => {
    await activate(name);
    const { errors } = problemSchema.parse(await (await post(incomplete)).json());
    expect(errors.map(({ path }) => path)).toEqual(['temperature']);
  });

  test('is rejected where only some values may be missing', async () => {
    await activate('partly');
    expect((await post(incomplete)).status).toBe(400);
    expect((await post({ temperature: 20, humidity: 44, sound_volume: 85 })).status).toBe(200);
  });

  test('gets the score of the reading with the value of the imputer', async () => {
    await activate('imputing');
    const [missing, filled] = await Promise.all(
      [incomplete, { ...incomplete, temperature: 24 }].map(async (body) =>
        predictionAnswerSchema.parse(await (await post(body)).json()),
      ),
    );
    expect(missing?.score).toBe(filled?.score);
    expect(missing?.model).toBe(variants.imputing?.name);
  });

  test.each(['imputing', 'native', 'isolation'])(
    'is explained, with votes of models that take it: %s',
    async (name) => {
      await activate(name);
      const answer = await post(incomplete, '?explain=true&votes=true');
      const { score, explanation, votes } = predictionAnswerSchema.parse(await answer.json());
      const contributions = explanation?.contributions ?? [];
      expect(contributions[0]).toMatchObject({ feature: 'temperature', value: null });
      const sum = contributions.reduce((total, { contribution }) => total + contribution, 0);
      expect(Number(explanation?.base_value) + sum).toBeCloseTo(Number(score), 9);
      expect(votes?.map(({ model }) => model)).toEqual(
        ['imputing', 'native', 'isolation'].map((other) => variants[other]?.name).sort(),
      );
    },
  );
});

test('an isolation forest decides by its own threshold, and names the change that flips it', async () => {
  await activate('isolation');
  const reading = { temperature: 24, humidity: 52, sound_volume: 90 };
  const answer = predictionAnswerSchema.parse(await (await post(reading, '?explain=true')).json());
  expect(answer).toMatchObject({ prediction: 1, score: 2 ** -0.25 });
  expect(answer.explanation?.counterfactual).toMatchObject({ feature: 'sound_volume', prediction: 0 });
  const normal = predictionAnswerSchema.parse(await (await post({ ...reading, sound_volume: 60 })).json());
  expect(normal).toMatchObject({ prediction: 0, score: 2 ** -1.5 });
});
