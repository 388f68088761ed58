import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modelsSchema } from '@sensor-sentinel/contracts';
import { type Artifact, assemblePipeline, loadArtifact } from '@sensor-sentinel/model';
import { generateDataset } from '@sensor-sentinel/model/training';
import { beforeEach, describe, expect, inject, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../testing/create-test-database.ts';
import { createVariant, writeModel } from '../../testing/model-variants.ts';
import { startApiProcess } from '../../testing/start-api-process.ts';
import { startTestApi } from '../../testing/start-test-api.ts';
import { loadModel } from './load-model.ts';
import { createModelFolder } from './model-folder.ts';
import { prepareModel } from './prepare-model.ts';

const artifacts = join(import.meta.dirname, '../../../../model/artifacts');
/** More than a megabyte: it is loaded in a worker thread, which takes much longer than a prediction. */
const forest = join(artifacts, 'random-forest.json');
const boosting = join(artifacts, 'gradient-boosting.json');
const { features } = generateDataset({ rows: 1000, seed: 5 });

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'load-model-'));
  return () => rmSync(directory, { recursive: true });
});

/** Loads a file in a worker thread, as if it were large. */
function loadInWorker(path: string) {
  return loadModel(path, { size: 1e9, signal: new AbortController().signal });
}

async function expectEqualLoads(path: string): Promise<void> {
  const loaded = await loadArtifact(path);
  const model = await loadInWorker(path);
  expect(model).toEqual(prepareModel(loaded));
  const scores = assemblePipeline(model.pipeline).scoreBatch(features.values);
  expect(scores).toEqual(loaded.pipeline.scoreBatch(features.values));
}

function toMissingVariant(artifact: Artifact): void {
  const { classifier } = artifact;
  if (classifier.family !== 'gradient-boosting') throw new Error(`no variant of ${classifier.family}`);
  classifier.missing_left = classifier.trees.feature.map((column) => Number(column === 1));
}

function toIsolationForest(artifact: Artifact): void {
  if (artifact.classifier.family !== 'gradient-boosting') throw new Error('expected trees');
  const { trees } = artifact.classifier;
  const value = trees.value.map(Math.abs);
  artifact.classifier = {
    family: 'isolation-forest',
    trees: { ...trees, value },
    normalizer: 100,
    offset: 0.5,
  };
}

describe('a model that a worker thread loads', () => {
  test.each(readdirSync(artifacts).filter((file) => file.endsWith('.json')))(
    'equals the one of loadArtifact: %s',
    (file) => expectEqualLoads(join(artifacts, file)),
  );

  test.each([
    ['trees that take missing values', toMissingVariant],
    ['an isolation forest', toIsolationForest],
  ])('equals the one of loadArtifact: %s', async (_, change) => {
    writeModel(directory, 'variant.json', createVariant(change));
    await expectEqualLoads(join(directory, 'variant.json'));
  });

  test.each<[string, (text: string) => string]>([
    ['was changed', (text) => text.replace('"threshold":0.5', '"threshold":0.4')],
    ['is not JSON', (text) => text.slice(0, -3)],
    ['has nodes of the wrong type', (text) => text.replaceAll(/"left":\[/g, '"left":["none",')],
    ['has another number of nodes', (text) => text.replaceAll(/"left":\[/g, '"left":[1,')],
  ])('has the fault of loadArtifact where the file %s', async (_, change) => {
    const path = join(directory, 'broken.json');
    writeFileSync(path, change(readFileSync(forest, 'utf8')));
    const fault = await loadArtifact(path).catch(({ message }: Error) => message);
    expect(fault).toMatch(/^\/.*broken\.json: /);
    await expect(loadInWorker(path)).rejects.toThrow(new Error(String(fault)));
  });

  test('has the fault of loadArtifact where the file was removed', async () => {
    await expect(loadInWorker(join(directory, 'none.json'))).rejects.toThrow('none.json: cannot be read');
  });
});

describe('while a worker thread loads a model', () => {
  test('readings are answered', async () => {
    const database = await createTestDatabase(inject('databaseAdminUrl'));
    onTestFinished(database.drop);
    copyFileSync(boosting, join(directory, 'gradient-boosting.json'));
    const api = await startTestApi({ databaseUrl: database.url, modelDirectory: directory });
    onTestFinished(api.stop);
    copyFileSync(forest, join(directory, 'large.json'));
    const order: string[] = [];
    const listing = api.get('/models').then(async (answer) => {
      order.push('listed');
      return modelsSchema.parse(await answer.json());
    });
    for (let count = 0; count < 4; count++) {
      const answer = await api.post({ temperature: 24, humidity: 51, sound_volume: 60 });
      order.push(String(answer.status));
    }
    const { models, faults } = await listing;
    expect(order).toEqual(['200', '200', '200', '200', 'listed']);
    expect(models.map(({ file }) => file)).toEqual(['gradient-boosting.json', 'large.json']);
    expect(faults).toEqual([]);
  });

  test('a scan can be aborted, and keeps the models of before', async () => {
    copyFileSync(boosting, join(directory, 'a.json'));
    const controller = new AbortController();
    const folder = createModelFolder(directory, controller.signal);
    await folder.scan();
    copyFileSync(forest, join(directory, 'b.json'));
    const scan = folder.scan();
    controller.abort();
    await expect(scan).rejects.toThrow('aborted');
    await expect(folder.scan()).rejects.toThrow('aborted');
    expect(folder.models().map(({ file }) => file)).toEqual(['a.json']);
    expect(folder.faults()).toEqual([]);
  });

  test('the API answers the requests in progress and stops', async () => {
    const database = await createTestDatabase(inject('databaseAdminUrl'));
    onTestFinished(database.drop);
    copyFileSync(boosting, join(directory, 'gradient-boosting.json'));
    const api = await startApiProcess({ DATABASE_URL: database.url, MODEL_DIR: directory });
    onTestFinished(() => void api.child.kill('SIGKILL'));
    copyFileSync(forest, join(directory, 'large.json'));
    const listing = fetch(`${api.url}/models`);
    expect((await fetch(`${api.url}/readyz`)).status).toBe(200);
    api.child.kill('SIGTERM');
    expect(modelsSchema.parse(await (await listing).json()).models).toHaveLength(2);
    expect(await api.exited).toEqual({ code: 0, signal: null });
  });
});
