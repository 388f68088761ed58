import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parseArtifact } from '../artifact/load-artifact.ts';
import { serializeArtifact } from '../artifact/seal-artifact.ts';
import { createPipeline } from '../pipeline.ts';
import kinds from '../reference/kinds-1.4.2.json' with { type: 'json' };
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

  test('leaves rows with missing values out of the background', async () => {
    const options = { features: ['a', 'b', 'c'] };
    const some = await write('missing.csv', 'a,b,c\n10,20,30\n11,,31\n12,NA,32\n13,23,33\n');
    const { artifact } = await importFixtures(['forest.joblib'], { ...options, background: some });
    expect(artifact.background).toEqual([
      [10, 20, 30],
      [13, 23, 33],
    ]);
    const none = await write('none.csv', 'a,b,c\n10,,30\n');
    await expect(importFixtures(['forest.joblib'], { ...options, background: none })).rejects.toThrow(
      'has no row with a value for every feature',
    );
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

describe('a prediction at the threshold', () => {
  /** A row between two others, with a score of about 0.5 + offset. */
  async function findRow(names: readonly string[], offset: number): Promise<number[]> {
    const pipeline = createPipeline((await importFixtures(names)).artifact);
    const scores = reference.rows.map((row) => pipeline.score(row));
    const [low, high] = [Math.min(...scores), Math.max(...scores)].map(
      (score) => reference.rows[scores.indexOf(score)] ?? [],
    );
    const at = (share: number) => (low ?? []).map((value, j) => value + share * ((high?.[j] ?? 0) - value));
    let [from, to] = [0, 1];
    for (let step = 0; step < 60; step++) {
      const middle = (from + to) / 2;
      if (pipeline.score(at(middle)) < 0.5 + offset) from = middle;
      else to = middle;
    }
    return at(to);
  }

  async function compare(names: readonly string[], row: number[], prediction: number) {
    const score = createPipeline((await importFixtures(names)).artifact).score(row);
    const vectors = { rows: [row], scores: [score], predictions: [prediction] };
    return importFixtures(names, { reference: await write('open.json', JSON.stringify(vectors)) });
  }

  test.each([[twoFiles], [['linear.joblib']], [['kinds/network-tanh.joblib']]])(
    'is open within rounding errors of sums: %j',
    async (names) => {
      const [near, far] = await Promise.all([findRow(names, 0), findRow(names, 1e-9)]);
      for (const prediction of [0, 1]) {
        expect((await compare(names, near, prediction)).artifact.reference.rows).toEqual([near]);
      }
      await compare(names, far, 1);
      await expect(compare(names, far, 0)).rejects.toThrow('row 0 is predicted 1');
    },
  );
});

describe('classes', () => {
  const { files, scores, labels } = findCase('names of classes');
  const byName = labels.map((label) => ['anomaly', 'normal'][label]);
  const difference = (actual: readonly number[], expected: readonly number[]) =>
    Math.max(...actual.map((score, i) => Math.abs(score - expected[i])));

  test('are turned round where the names say that the first is the anomaly', async () => {
    const { artifact, isSwapped } = await importFixtures(files);
    expect(isSwapped).toBe(true);
    expect(artifact).toMatchObject({
      class_names: ['normal', 'anomaly'],
      origin: { classes: ['normal', 'anomaly'] },
    });
    const pipeline = createPipeline(artifact);
    const swapped = reference.rows.map((row) => 1 - pipeline.score(row));
    expect(difference(swapped, scores)).toBeLessThan(1e-12);
  });

  test('keep the order of the model where the names are given in that order', async () => {
    const { artifact } = await importFixtures(files, { classes: ['anomaly', 'normal'] });
    const pipeline = createPipeline(artifact);
    expect(pipeline.score(reference.rows[0])).toBeCloseTo(scores[0], 12);
  });

  test.each([
    ['names of classes', 'normal', 'anomaly'],
    ['zero', 'bad', 'alright'],
    ['two files', '1', '0'],
    ['forest of booleans', 'true', 'false'],
  ])('are swapped where the names are given in the other order: %s', async (name, ...classes) => {
    const original = findCase(name);
    const { artifact, isSwapped } = await importFixtures(original.files, { classes });
    expect(isSwapped).toBe(true);
    const pipeline = createPipeline(artifact);
    const swapped = reference.rows.map((row) => pipeline.score(row));
    expect(
      difference(
        swapped.map((score) => 1 - score),
        original.scores,
      ),
    ).toBeLessThan(1e-12);
    expect(swapped.map(pipeline.toPrediction)).toEqual(original.labels.map((label) => 1 - label));
  });

  test.each([
    ['the probabilities of the second class of the file', scores],
    ['the probabilities of the anomaly', scores.map((score) => 1 - score)],
  ])('that are turned round agree with %s', async (_, given) => {
    const vectors = { rows: reference.rows, scores: given, predictions: byName };
    const path = await write('turned.json', JSON.stringify(vectors));
    await importFixtures(files, { reference: path });
    await importFixtures(files, { reference: path, classes: ['fine', 'anomaly'] });
    const predictions = byName.toReversed();
    await write('turned.json', JSON.stringify({ ...vectors, predictions }));
    await expect(importFixtures(files, { reference: path })).rejects.toThrow('is predicted');
  });

  test('that are turned round agree where the first row has a score of 0.5', async () => {
    const model = kinds.cases.find(({ name }) => name === 'extra trees');
    const undecided = model?.scores.indexOf(0.5) ?? -1;
    expect(undecided).toBeGreaterThanOrEqual(0);
    const order = [undecided, ...kinds.rows.keys()];
    const vectors = {
      rows: order.map((i) => kinds.rows[i]),
      scores: order.map((i) => model?.scores[i]),
      predictions: order.map((i) => model?.labels[i]),
    };
    const path = await write('undecided.json', JSON.stringify(vectors));
    const { artifact } = await importFixtures(['kinds/extra-trees.joblib'], {
      reference: path,
      classes: ['1', '0'],
    });
    expect(artifact.origin).toMatchObject({ agreement: { vectors: order.length } });
  });

  test('0 and 1 of predictions are those of the file', async () => {
    const original = findCase('two files');
    const vectors = { rows: reference.rows, scores: original.scores, predictions: original.labels };
    const path = await write('numbered.json', JSON.stringify(vectors));
    const { artifact } = await importFixtures(twoFiles, { reference: path, classes: ['1', '0'] });
    expect(artifact).toMatchObject({ class_names: ['normal', 'anomaly'], origin: { classes: ['1', '0'] } });
  });

  test('can be renamed', async () => {
    const { artifact } = await importFixtures(files, { classes: ['quiet', 'loud'] });
    expect(artifact.class_names).toEqual(['quiet', 'loud']);
    expect(createPipeline(artifact).score(reference.rows[1])).toBeCloseTo(1 - scores[1], 12);
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
