import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createPipeline } from '../../pipeline.ts';
import reference12 from '../../reference/kinds-1.2.1.json' with { type: 'json' };
import reference14 from '../../reference/kinds-1.4.2.json' with { type: 'json' };
import reference19 from '../../reference/kinds-1.9.0.json' with { type: 'json' };
import { chooseClasses } from '../choose-classes.ts';
import { importModel } from '../import-model.ts';
import { importSklearn } from './import-sklearn.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'kinds-'));
afterAll(() => rm(folder, { recursive: true }));

const tolerance = 1e-10;
const fixtures = path.join(import.meta.dirname, '../fixtures');
const sensorReadings = path.join(import.meta.dirname, '../../data/dataset.csv');

async function load(version: string, file: string) {
  const bytes = await readFile(path.join(fixtures, version, file));
  const parts = await importSklearn([{ name: file, bytes }]);
  const features = Array.from({ length: parts.featureCount ?? 0 }, (_, j) => ({ name: `f${j}`, unit: '' }));
  const { classifier, threshold, isSwapped } = chooseClasses(parts, undefined, file);
  const columns = parts.inputs?.columns ?? features.map((_, j) => j);
  const pipeline = createPipeline({ ...parts, name: 'imported', features, classifier, threshold });
  return {
    parts,
    pipeline,
    isSwapped,
    toRow: (row: readonly (number | null)[]) => columns.map((j) => row[j] ?? Number.NaN),
  };
}

describe.each([
  { version: '1.2.1', reference: reference12 },
  { version: '1.4.2', reference: reference14 },
  { version: '1.9.0', reference: reference19 },
])('scikit-learn $version', ({ version, reference: { rows, missing_rows, cases, tied } }) => {
  test.each(cases)('scores as it does: $name', async ({ file, missing, scores, labels }) => {
    const { parts, pipeline, isSwapped, toRow } = await load(version, file);
    expect(parts.version).toBe(version);
    const parted = [{ rows, scores, labels }, ...(missing ? [{ ...missing, rows: missing_rows }] : [])];
    for (const expected of parted) {
      const scored = expected.rows.map((row) => pipeline.score(toRow(row)));
      const orient = (value: number) => (isSwapped ? 1 - value : value);
      const differences = scored.map((score, i) => Math.abs(orient(score) - expected.scores[i]));
      expect(Math.max(...differences)).toBeLessThanOrEqual(tolerance);
      expect(scored.map(pipeline.toPrediction)).toEqual(expected.labels.map(orient));
    }
  });

  test.each(cases)('accepts missing values as it does: $name', async ({ file, missing }) => {
    const { pipeline, toRow } = await load(version, file);
    // Without gaps in its training data, histogram gradient boosting takes missing values too.
    const isTaken = missing !== undefined || file.includes('hist-gradient-boosting');
    expect(pipeline.acceptsMissing).toBe(isTaken);
    const score = () => pipeline.score(toRow([null, null, null]));
    if (isTaken) expect(score()).toBeGreaterThan(0);
    else expect(score).toThrow('f0: NaN is not a finite number');
  });

  const byBruteForce = tied.cases.filter(({ name }) => name !== 'tree');

  async function compareTied(file: string, scores: readonly number[]) {
    const reference = path.join(folder, `${version}.json`);
    await writeFile(reference, JSON.stringify({ rows: tied.rows, scores }));
    const paths = [path.join(fixtures, version, file)];
    return importModel({ paths, format: 'scikit-learn', reference, sensorReadings });
  }

  test.each(byBruteForce)('accepts its scores of rows with ties: $name', async ({ file, scores }) => {
    const { tied: count, artifact } = await compareTied(file, scores);
    expect(count).toBeGreaterThan(10);
    expect(count).toBeLessThan(tied.rows.length);
    expect(artifact.origin).toMatchObject({ agreement: { vectors: tied.rows.length - count } });
  });

  test('accepts other neighbors, equally far, as another number of threads chooses them', async () => {
    const [bruteForce, byTree] = ['brute force', 'tree'].map((name) =>
      tied.cases.find((one) => one.name === name),
    );
    if (!bruteForce || !byTree) throw new Error('expected both models');
    const differing = byTree.scores.filter((score, i) => score !== bruteForce.scores[i]);
    expect(differing.length).toBeGreaterThan(5);
    expect((await compareTied(bruteForce.file, byTree.scores)).tied).toBeGreaterThan(differing.length);
  });

  test.each(byBruteForce)('refuses scores that no choice of neighbors gives: $name', async (model) => {
    const scores = model.scores.map((score) => (score > 0.5 ? 0 : 1));
    await expect(compareTied(model.file, scores)).rejects.toThrow(/row \d+ scores/);
  });

  test('chooses the same neighbors in a tree', async () => {
    const { file, scores } = tied.cases.find(({ name }) => name === 'tree') ?? { file: '', scores: [] };
    const { pipeline } = await load(version, file);
    expect(tied.rows.map((row) => pipeline.score(row))).toEqual(scores);
  });
});
