import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Models, modelSchema, modelsSchema, problemSchema } from '@sensor-sentinel/contracts';
import { serializeArtifact } from '@sensor-sentinel/model/training';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, onTestFinished, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { createShifted, createVariant, writeModel } from '../../testing/model-variants.ts';
import { startTestApi, type TestApi } from '../../testing/start-test-api.ts';

const first = createVariant();
const second = createShifted(0.3);
const reading = { temperature: 24, humidity: 51, sound_volume: 60 };

let database: TestDatabase;
let directory: string;

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
});

afterAll(async () => {
  await database.drop();
});

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'models-'));
  return () => rmSync(directory, { recursive: true });
});

async function start(modelName = 'first'): Promise<TestApi> {
  const api = await startTestApi({ databaseUrl: database.url, modelDirectory: directory, modelName });
  onTestFinished(api.stop);
  return api;
}

async function listModels(api: TestApi): Promise<Models> {
  return modelsSchema.parse(await (await api.get('/models')).json());
}

/** The packaged artifact with another cross-validated accuracy. */
function createValidated(mean: number) {
  return createVariant(({ origin }) => {
    if (origin.kind !== 'trained') throw new Error('expected a trained artifact');
    origin.cross_validation = { folds: 2, accuracies: [mean, mean], mean, sd: 0 };
  });
}

describe('MODEL_NAME=best', () => {
  test('activates the model with the best cross-validation, whatever its file name', async () => {
    writeModel(directory, 'a.json', createValidated(0.91));
    writeModel(directory, 'b.json', createValidated(0.93));
    writeModel(directory, 'c.json', createValidated(0.92));
    writeModel(
      directory,
      'd.json',
      createVariant(({ origin }) => origin.kind === 'trained' && delete origin.cross_validation),
    );
    const { active, models } = await listModels(await start('best'));
    expect(models.find(({ name }) => name === active)?.file).toBe('b.json');
  });

  test('reports that no artifact was cross-validated', async () => {
    const without = createVariant(
      ({ origin }) => origin.kind === 'trained' && delete origin.cross_validation,
    );
    writeModel(directory, 'a.json', without);
    const answer = await (await start('best')).get('/readyz');
    expect(answer.status).toBe(503);
    expect(problemSchema.parse(await answer.json()).detail).toContain('MODEL_NAME is best, but');
  });

  test('stores readings without a score in an empty folder, until there is a model', async () => {
    const api = await start('best');
    expect((await api.get('/readyz')).status).toBe(200);
    const answer = await api.post(reading);
    expect([answer.status, await answer.json()]).toMatchObject([
      200,
      { prediction: null, score: null, model: null, note: expect.stringContaining('No model yet') },
    ]);
    writeModel(directory, 'a.json', createValidated(0.9));
    await expect
      .poll(async () => (await api.post(reading)).json())
      .toMatchObject({ prediction: 0, model: createValidated(0.9).name });
  });
});

describe('GET /models', () => {
  test('lists every artifact of the folder, and the faults of the other files', async () => {
    writeModel(directory, 'first.json', first);
    writeModel(directory, 'second.json', second);
    writeFileSync(join(directory, 'tampered.json'), serializeArtifact({ ...first, threshold: 0.4 }));
    writeFileSync(join(directory, 'text.json'), 'not JSON');
    writeFileSync(join(directory, 'report.html'), '');
    mkdirSync(join(directory, 'folder.json'));
    const { active, previous, models, faults } = await listModels(await start());
    expect({ active, previous }).toEqual({ active: first.name, previous: null });
    expect(models.map(({ name, file, on_disk, obstacle }) => ({ name, file, on_disk, obstacle }))).toEqual([
      { name: first.name, file: 'first.json', on_disk: true },
      { name: second.name, file: 'second.json', on_disk: true },
    ]);
    expect(faults.map(({ file }) => file)).toEqual(['folder.json', 'tampered.json', 'text.json']);
    expect(faults[0]?.detail).toContain('is not a file');
    expect(faults[1]?.detail).toContain('the file was changed');
    expect(faults[2]?.detail).toContain('is not JSON');
  });

  test('notices files that are added, changed or removed', async () => {
    writeModel(directory, 'first.json', first);
    const api = await start();
    writeModel(directory, 'second.json', second);
    writeFileSync(join(directory, 'third.json'), '{');
    expect((await listModels(api)).models.map(({ name }) => name)).toEqual([first.name, second.name]);
    writeModel(directory, 'third.json', createShifted(0.4));
    rmSync(join(directory, 'second.json'));
    const { models, faults } = await listModels(api);
    expect(models.map(({ file }) => file)).toEqual(['first.json', 'third.json']);
    expect(faults).toEqual([]);
  });

  test('lists the models of a type that no activation has made yet', async () => {
    writeModel(directory, 'first.json', first);
    const api = await start();
    const oven = createVariant((artifact) => {
      artifact.type = 'oven';
    });
    writeModel(directory, 'oven.json', oven);
    const answer = await api.get('/models?type=oven');
    expect(modelsSchema.parse(await answer.json())).toMatchObject({
      type: 'oven',
      active: null,
      models: [{ name: oven.name, file: 'oven.json' }],
    });
    const kiln = await api.get('/models?type=kiln');
    expect(problemSchema.parse(await kiln.json()).errors).toMatchObject([{ path: 'type' }]);
  });

  test('says why a model cannot be activated', async () => {
    writeModel(directory, 'first.json', first);
    const other = createVariant(({ features }) => {
      features[0] = { name: 'pressure', unit: 'hPa' };
    });
    const inKelvin = createVariant(({ features }) => {
      features[0] = { name: 'temperature', unit: 'K' };
    });
    const overflowing = createVariant(({ scaler }) => {
      if (scaler.kind === 'standard') scaler.scale[0] = 2e-36;
    });
    const unsteady = createVariant((artifact) => {
      const kernel = [1e308, 1e308, -1e308];
      artifact.classifier = {
        family: 'neural-network',
        layers: [{ kernel, bias: [0], activation: 'sigmoid' }],
      };
      if (artifact.scaler.kind === 'standard') artifact.reference.rows = [artifact.scaler.mean];
    });
    writeModel(directory, 'other.json', other);
    writeModel(directory, 'unsteady.json', unsteady);
    writeModel(directory, 'kelvin.json', inKelvin);
    writeModel(directory, 'overflowing.json', overflowing);
    const api = await start();
    const { models } = await listModels(api);
    const obstacles = new Map(models.map(({ file, obstacle }) => [file, obstacle]));
    expect(obstacles.get('other.json')).toContain('it needs pressure, which the type climate does not have');
    expect(obstacles.get('kelvin.json')).toContain('temperature is in K; readings have °C');
    expect(obstacles.get('overflowing.json')).toContain('it cannot score {"temperature":1000');
    expect(obstacles.get('unsteady.json')).toContain('the score is NaN');
    expect(obstacles.get('first.json')).toBeUndefined();
    const answer = await fetch(`${api.url}/models/other/activate`, { method: 'POST' });
    expect(answer.status).toBe(409);
    expect(problemSchema.parse(await answer.json()).detail).toContain('pressure');
  });
});

describe('overwriting the file of the active model', () => {
  test('does not change the active model, which stays listed', async () => {
    writeModel(directory, 'first.json', first);
    const api = await start();
    writeModel(directory, 'first.json', second);
    const { active, models } = await listModels(api);
    expect(active).toBe(first.name);
    expect(models.map(({ name, file, on_disk }) => ({ name, file, on_disk }))).toEqual([
      { name: second.name, file: 'first.json', on_disk: true },
      { name: first.name, file: 'first.json', on_disk: false },
    ]);
    expect(await (await api.post(reading)).json()).toMatchObject({ model: first.name });
  });
});

describe('MODEL_NAME', () => {
  test('is a file name or the name of an artifact', async () => {
    writeModel(directory, 'first.json', first);
    writeModel(directory, 'second.json', second);
    for (const name of ['second', second.name]) {
      expect(modelSchema.parse(await (await (await start(name)).get('/model')).json()).name).toBe(
        second.name,
      );
    }
  });

  test.each([
    ['damaged', 'damaged.json'],
    ['missing', 'MODEL_NAME is missing'],
  ])('is reported by every route that scores if the model cannot be active: %s', async (name, detail) => {
    writeModel(directory, 'first.json', first);
    writeFileSync(join(directory, 'damaged.json'), serializeArtifact({ ...first, threshold: 0.4 }));
    const api = await start(name);
    for (const path of ['/readyz', '/model', '/predict?temperature=24&humidity=51&sound_volume=60']) {
      const answer = await api.get(path);
      expect(answer.status).toBe(503);
      expect(answer.headers.has('retry-after')).toBe(true);
      expect(problemSchema.parse(await answer.json()).detail).toContain(detail);
    }
    expect((await api.post(reading)).status).toBe(503);
    expect(await listModels(api)).toMatchObject({ active: null, models: [{ name: first.name }] });
    expect((await api.get('/v2/health/ready')).status).toBe(503);
  });

  test('of a missing file is activated as soon as the file exists', async () => {
    const api = await start('late');
    expect((await api.get('/readyz')).status).toBe(503);
    writeModel(directory, 'late.json', first);
    await expect.poll(async () => (await api.get('/readyz')).status).toBe(200);
  });

  test('in a missing folder is reported with the folder', async () => {
    const modelDirectory = join(directory, 'nowhere');
    const api = await startTestApi({ databaseUrl: database.url, modelDirectory });
    onTestFinished(api.stop);
    expect(problemSchema.parse(await (await api.get('/readyz')).json()).detail).toContain(modelDirectory);
    expect((await listModels(api)).faults).toMatchObject([{ file: modelDirectory }]);
  });
});
