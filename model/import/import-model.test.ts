import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parseArtifact } from '../artifact/load-artifact.ts';
import { serializeArtifact } from '../artifact/seal-artifact.ts';
import { createPipeline } from '../pipeline.ts';
import reference from '../reference/pickles-1.4.2.json' with { type: 'json' };
import { type ImportRequest, importModel } from './import-model.ts';

const folder = await mkdtemp(join(tmpdir(), 'import-'));
afterAll(() => rm(folder, { recursive: true }));

const sensorReadings = join(import.meta.dirname, '../data/dataset.csv');
const fixture = (name: string) => join(import.meta.dirname, 'fixtures/1.4.2', name);

type Options = Partial<Omit<ImportRequest, 'paths'>>;

function importFixtures(names: readonly string[], options: Options = {}) {
  return importModel({ format: 'scikit-learn', sensorReadings, ...options, paths: names.map(fixture) });
}

async function write(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

function findCase(name: string) {
  const found = reference.cases.find((one) => one.name === name);
  if (!found) throw new Error(`no case is named ${name}`);
  return found;
}

const twoFiles = ['best_model.pkl', 'scaler.pkl'];

describe('importModel', () => {
  test('creates a loadable artifact with its origin', async () => {
    const { artifact } = await importFixtures(twoFiles);
    const { certificate } = parseArtifact(serializeArtifact(artifact), 'imported');
    expect(certificate.reference_vectors).toBeGreaterThan(20);
    expect(artifact).toMatchObject({
      features: [
        { name: 'temperature', unit: '°C' },
        { name: 'humidity', unit: '%' },
        { name: 'sound_volume', unit: 'dB' },
      ],
      class_names: ['normal', 'anomaly'],
      threshold: 0.5,
      origin: {
        kind: 'imported',
        format: 'scikit-learn',
        version: '1.4.2',
        estimator: 'StandardScaler → LogisticRegression',
        files: [{ name: 'best_model.pkl' }, { name: 'scaler.pkl' }],
      },
    });
    expect(artifact.background).toHaveLength(100);
  });

  test('takes the features of the type, in its order, where neither file nor flag names them', async () => {
    const unnamed = ['neighbors.joblib'];
    const type = { name: 'pump', features: ['flow', 'pressure', 'rpm'] };
    const { artifact, areNamesAssumed } = await importFixtures(unnamed, { type });
    expect(artifact.features.map(({ name }) => name)).toEqual(type.features);
    expect(areNamesAssumed).toBe(true);
    for (const features of [['flow', 'pressure'], undefined])
      await expect(importFixtures(unnamed, { type: { name: 'pump', features } })).rejects.toThrow(
        'the model has 3 features, and the file does not name them',
      );
    const named = await importFixtures(unnamed, { type, features: ['RPM', 'Flow', 'pressure'] });
    expect(named.artifact.features.map(({ name }) => name)).toEqual(['rpm', 'flow', 'pressure']);
    expect(named.areNamesAssumed).toBe(false);
  });

  test('creates the same artifact for any order of the files', async () => {
    const { artifact } = await importFixtures(twoFiles.toReversed());
    expect(artifact).toEqual((await importFixtures(twoFiles)).artifact);
  });

  test('uses the given names and units', async () => {
    const { artifact } = await importFixtures(['neighbors.joblib'], {
      features: ['a', 'b', 'c'],
      units: ['m', '', 's'],
    });
    expect(artifact.features).toEqual([
      { name: 'a', unit: 'm' },
      { name: 'b', unit: '' },
      { name: 'c', unit: 's' },
    ]);
  });

  test('uses the rows stored in nearest neighbors as background, in their own units', async () => {
    const { artifact } = await importFixtures(['neighbors.joblib'], { features: ['a', 'b', 'c'] });
    expect(artifact.background.length).toBeGreaterThan(80);
    expect(Math.round(artifact.background[0][0] * 10) / 10).toBeCloseTo(artifact.background[0][0], 9);
  });

  test('uses the center of the scaler as background of other models, or an empty one', async () => {
    const options = { features: ['a', 'b', 'c'] };
    const { artifact } = await importFixtures(['zlib.joblib'], options);
    if (artifact.scaler.kind !== 'standard') throw new Error('expected a standard scaler');
    expect(artifact.background).toEqual([artifact.scaler.mean]);
    expect((await importFixtures(['forest.joblib'], options)).artifact.background).toEqual([]);
  });

  test('uses the rows of a file as background, with columns found by name', async () => {
    const background = await write('background.csv', 'label,c,b [dB],a\n1,30,20,10\n0,31,21,11\n');
    const { artifact } = await importFixtures(['forest.joblib'], { features: ['a', 'b', 'c'], background });
    expect(artifact.background).toEqual([
      [10, 20, 30],
      [11, 21, 31],
    ]);
  });
});

describe('reference vectors', () => {
  test.each(reference.cases.map(({ name }) => name).filter((name) => name !== 'names of classes'))(
    'are compared and stored: %s',
    async (name) => {
      const { files, scores, labels } = findCase(name);
      const vectors = { rows: reference.rows, scores, predictions: labels };
      const { artifact } = await importFixtures(files, {
        reference: await write('vectors.json', JSON.stringify(vectors)),
      });
      expect(artifact.reference.rows).toEqual(reference.rows);
      if (artifact.origin.kind !== 'imported') throw new Error('expected an imported model');
      expect(artifact.origin.agreement?.vectors).toBe(reference.rows.length);
      expect(artifact.origin.agreement?.max_difference).toBeLessThanOrEqual(1e-10);
    },
  );

  const { scores, labels } = findCase('two files');
  const calibrated = findCase('calibrated');
  const { rows } = reference;
  test.each<[string, string[], object, string]>([
    [
      'a score that differs by 1e-9',
      twoFiles,
      { rows, scores: scores.with(3, scores[3] + 1e-9) },
      'row 3 scores 0.',
    ],
    [
      'the other class',
      twoFiles,
      { rows, scores: scores.map((score) => 1 - score) },
      'probabilities of the other class',
    ],
    [
      'probabilities of an SVC',
      calibrated.files,
      { rows, scores: calibrated.calibrated },
      'the score of an SVC is the logistic of decision_function',
    ],
    ['another label', twoFiles, { rows, scores, predictions: labels.with(5, 1 - labels[5]) }, 'row 5 is'],
    [
      'too short rows',
      twoFiles,
      { rows: [[1, 2]], scores: [0] },
      'row 0 cannot be scored: 2 values, expected 3',
    ],
    ['no scores', twoFiles, { rows }, 'scores: Invalid input'],
    ['too few scores', twoFiles, { rows, scores: [0.5] }, 'scores: expected one score per row'],
    [
      'too few predictions',
      twoFiles,
      { rows, scores, predictions: [1] },
      'predictions: expected one prediction per row',
    ],
    ['something else', twoFiles, [], 'the file: Invalid input'],
  ])('with %s are refused', async (...[, files, vectors, message]) => {
    const path = await write('wrong.json', JSON.stringify(vectors));
    await expect(importFixtures(files, { reference: path })).rejects.toThrow(message);
    await expect(importFixtures(files, { reference: path })).rejects.toThrow(path);
  });
});

describe('classes', () => {
  const { files, scores } = findCase('names of classes');

  test('are not guessed where the second is called normal', async () => {
    await expect(importFixtures(files)).rejects.toThrow(
      'the classes are "anomaly" and "normal", so a score would be the probability of "normal". Name the normal class first: --classes normal,anomaly',
    );
  });

  test('keep the order of the model where the names are given in that order', async () => {
    const { artifact } = await importFixtures(files, { classes: ['anomaly', 'normal'] });
    const pipeline = createPipeline(artifact);
    expect(pipeline.score(reference.rows[0])).toBeCloseTo(scores[0], 12);
  });

  test.each([
    ['names of classes', 'normal', 'anomaly'],
    ['zero', 'bad', 'alright'],
  ])('are swapped where the names are given in the other order: %s', async (name, ...classes) => {
    const original = findCase(name);
    const { artifact, isSwapped } = await importFixtures(original.files, { classes });
    expect(isSwapped).toBe(true);
    expect(artifact.class_names).toEqual(classes);
    const pipeline = createPipeline(artifact);
    const swapped = reference.rows.map((row) => pipeline.score(row));
    expect(Math.max(...swapped.map((score, i) => Math.abs(1 - score - original.scores[i])))).toBeLessThan(
      1e-12,
    );
    expect(swapped.map(pipeline.toPrediction)).toEqual(original.labels.map((label) => 1 - label));
  });

  test.each([
    ['as the model has them', (label: number) => ['anomaly', 'normal'][label]],
    ['as they are called now', (label: number) => ['quiet', 'loud'][label]],
  ])('of predictions can be given by name: %s', async (_, toName) => {
    const original = findCase('names of classes');
    const predictions = original.labels.map(toName);
    const vectors = { rows: reference.rows, scores, predictions };
    const path = await write('named.json', JSON.stringify(vectors));
    await importFixtures(files, { classes: ['quiet', 'loud'], reference: path });
    const others = { ...vectors, predictions: original.labels.map((label) => toName(1 - label)) };
    await write('named.json', JSON.stringify(others));
    await expect(importFixtures(files, { classes: ['quiet', 'loud'], reference: path })).rejects.toThrow(
      'row 0 is',
    );
  });

  test('can be renamed', async () => {
    const { artifact } = await importFixtures(files, { classes: ['quiet', 'loud'] });
    expect(artifact.class_names).toEqual(['quiet', 'loud']);
    expect(createPipeline(artifact).score(reference.rows[1])).toBeCloseTo(scores[1], 12);
  });
});

describe('inconsistent input is refused', () => {
  test.each<[string, string[], Options, string]>([
    [
      'fewer names than features',
      twoFiles,
      { features: ['a', 'b'] },
      '--features names 2 features, but the model has 3 (temperature, humidity, sound_volume)',
    ],
    ['a name twice', ['forest.joblib'], { features: ['a', 'b', 'a'] }, '--features has "a" twice'],
    ['an empty name', ['forest.joblib'], { features: ['a', '', 'b'] }, '--features has an empty name'],
    [
      'names in another order',
      twoFiles,
      { features: ['humidity', 'temperature', 'sound_volume'] },
      '--features has "humidity" in a different position',
    ],
    ['fewer units than features', twoFiles, { units: ['°C'] }, '--units names 1 units for 3 features'],
    [
      'a background without a column',
      twoFiles,
      { background: sensorReadings, features: ['x', 'y', 'z'] },
      'no column is named "x", "y", "z"',
    ],
    [
      'a missing background',
      twoFiles,
      { background: '/nowhere.csv' },
      '/nowhere.csv: cannot be read: ENOENT',
    ],
    [
      'missing reference vectors',
      twoFiles,
      { reference: '/nowhere.json' },
      '/nowhere.json: cannot be read: ENOENT',
    ],
    ['reference vectors that are not JSON', twoFiles, { reference: sensorReadings }, 'is not JSON'],
    ['a missing file', ['none.pkl'], {}, 'cannot be read: ENOENT'],
    ['a folder', ['.'], {}, 'is not a file'],
    ['a pickle as ONNX', ['scaler.pkl'], { format: 'onnx' }, 'scaler.pkl'],
  ])('%s', async (...[, names, options, message]) => {
    await expect(importFixtures(names, options)).rejects.toThrow(message);
  });

  test('text in the background', async () => {
    const background = await write('text.csv', 'a,b,c\n1,2,3\n1,warm,3\n');
    await expect(
      importFixtures(['forest.joblib'], { features: ['a', 'b', 'c'], background }),
    ).rejects.toThrow(`${background}: line 3, column "b": "warm", expected a number`);
  });
});
