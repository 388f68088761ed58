import { describe, expect, test } from 'vitest';
import { parseArtifact } from '../artifact/load-artifact.ts';
import { serializeArtifact } from '../artifact/seal-artifact.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { generateDataset } from '../dataset/generate-dataset.ts';
import type { LoadedDataset } from '../dataset/parse-dataset.ts';
import { createMatrix } from '../matrix.ts';
import { createPipeline } from '../pipeline.ts';
import { timePredictions, trainModels } from './train-models.ts';
import { families } from './trainers.ts';
import type { Progress } from './workload.ts';

function toLoaded(dataset: Dataset): LoadedDataset {
  return {
    ...dataset,
    units: dataset.featureNames.map(() => ''),
    classNames: ['normal', 'anomaly'],
    remarks: [],
    sha256: '0'.repeat(64),
  };
}

const small = toLoaded(generateDataset({ rows: 160, seed: 6 }));
const parameters = {
  'random-forest': { n_estimators: 4 },
  'gradient-boosting': { n_estimators: 4 },
  'neural-network': { epochs: 1, min_steps: 10 },
};
let now = 0;
const clock = () => {
  now += 100;
  return now;
};
const quick = ['logistic-regression', 'k-nearest-neighbors'] as const;

describe('trainModels', () => {
  test('makes the same artifacts from the same seed, byte for byte, and others from another', async () => {
    const make = async (seed: number) => {
      const { models } = await trainModels(small, { seed, folds: 2, parameters, clock });
      return models.map(({ artifact }) => serializeArtifact(artifact));
    };
    const first = await make(1);
    expect(first.length).toBe(families.length);
    expect(await make(1)).toEqual(first);
    expect(await make(2)).not.toEqual(first);
    for (const [i, text] of first.entries()) {
      const { artifact } = parseArtifact(text, `${families[i]}.json`);
      expect(artifact.classifier.family).toBe(families[i]);
    }
  });

  test('measures on rows that it has not learned from, and keeps the comparison in every artifact', async () => {
    const { models, test: held } = await trainModels(small, { families: quick, seed: 3, clock });
    const [first, second] = models.map(({ artifact: { origin } }) => {
      if (origin.kind !== 'trained') throw new Error('expected a trained model');
      return origin;
    });
    expect(first.train_rows + first.test.rows).toBe(small.features.rows);
    expect(first.test.rows).toBe(held.labels.length);
    expect(first.test.rows / small.features.rows).toBeCloseTo(0.2, 1);
    expect(first).toMatchObject({ seed: 3, data_sha256: small.sha256, parameters: { C: 1 } });
    expect(first.comparison.map(({ family }) => family)).toEqual(quick);
    expect(second.comparison).toEqual(first.comparison);
    expect(second.comparison[1]).toEqual({
      family: 'k-nearest-neighbors',
      cross_validation: second.cross_validation,
      test: second.test,
    });
  });

  test('chooses the best by cross-validation', async () => {
    const { models, winner } = await trainModels(small, { families: quick, clock });
    const best = Math.max(...models.map(({ crossValidation }) => crossValidation.mean));
    expect(winner.crossValidation.mean).toBe(best);
    expect(winner.crossValidation.accuracies.length).toBe(5);
  });

  test('applies the chosen scaler', async () => {
    for (const scaler of ['standard', 'min-max', 'robust', 'max-abs', 'none'] as const) {
      const { winner } = await trainModels(small, {
        families: ['k-nearest-neighbors'],
        scaler,
        folds: 2,
        clock,
      });
      expect(winner.artifact.scaler.kind).toBe(scaler);
    }
  });

  test('accepts one to sixty-four features', async () => {
    for (const columns of [1, 64]) {
      const rows = 50;
      const values = Float64Array.from({ length: rows * columns }, (_, i) => ((i * 37) % 101) / 10);
      const { models } = await trainModels(
        toLoaded({
          featureNames: Array.from({ length: columns }, (_, i) => `f${i}`),
          features: createMatrix(values, columns),
          labels: Uint8Array.from({ length: rows }, (_, i) => (values[i * columns] > 5 ? 1 : 0)),
        }),
        { folds: 2, parameters, clock },
      );
      expect(models.map(({ family }) => family)).toEqual(families);
      for (const { artifact } of models) {
        const { pipeline } = parseArtifact(serializeArtifact(artifact), 'made.json');
        expect(pipeline.featureNames.length).toBe(columns);
      }
    }
  });

  test('reports a family that cannot be fitted, and continues with the others', async () => {
    const huge = {
      ...small,
      features: createMatrix(
        small.features.values.map((value) => value * 1e40),
        3,
      ),
    };
    const options = { scaler: 'none', folds: 2, parameters, clock } as const;
    const { models, failures } = await trainModels(huge, {
      ...options,
      families: ['k-nearest-neighbors', 'gradient-boosting'],
    });
    expect(models.map(({ family }) => family)).toEqual(['k-nearest-neighbors']);
    expect(failures).toEqual([
      { family: 'gradient-boosting', reason: expect.stringContaining('is beyond float32') },
    ]);
    await expect(trainModels(huge, { ...options, families: ['gradient-boosting'] })).rejects.toThrow(
      'gradient-boosting: row',
    );
  });

  test('refuses too few rows of a label, for testing or for the folds', async () => {
    const scarce = { ...small, labels: small.labels.map((_, i) => Number(i < 9)) };
    await expect(trainModels(scarce)).rejects.toThrow(
      'too few rows: label 1 ("anomaly") has 9, expected at least 10 for 5 folds',
    );
    const enough = { ...small, labels: small.labels.map((_, i) => Number(i < 12)) };
    await expect(trainModels(enough, { folds: 12 })).rejects.toThrow(
      'has 12, expected at least 16 for 12 folds',
    );
  });

  test('does not report a programming error as a failed family', async () => {
    const wrong = { 'k-nearest-neighbors': { n_neighbors: 0 } };
    await expect(trainModels(small, { families: quick, parameters: wrong })).rejects.toThrow('n_neighbors');
  });

  test('reports progress and the time left', async () => {
    const seen: Progress[] = [];
    await trainModels(small, { families: quick, folds: 2, clock, onProgress: (each) => seen.push(each) });
    const shown = seen.map(({ family, fold, done, total }) => [family, fold, done, total]);
    expect(shown).toEqual([
      ['logistic-regression', undefined, 0, 6],
      ['k-nearest-neighbors', undefined, 1, 6],
      ['logistic-regression', 1, 2, 6],
      ['logistic-regression', 2, 3, 6],
      ['k-nearest-neighbors', 1, 4, 6],
      ['k-nearest-neighbors', 2, 5, 6],
    ]);
    const left = seen.map(({ secondsLeft }) => secondsLeft);
    expect(left.slice(0, 2)).toEqual([undefined, undefined]);
    expect(left.slice(2).every((seconds) => seconds !== undefined && seconds > 0)).toBe(true);
    expect(left.slice(2)).toEqual([...left.slice(2)].sort((a, b) => Number(b) - Number(a)));
  });
});

test('timePredictions divides the time by the predictions, the first pass not counted', () => {
  const pipeline = createPipeline({
    name: 'any',
    features: [{ name: 'a', unit: '' }],
    scaler: { kind: 'none' },
    classifier: { family: 'logistic-regression', coef: [1], intercept: 0 },
    threshold: 0.5,
  });
  const times = [1000, 1060, 1120, 1120];
  const micros = timePredictions(
    pipeline,
    createMatrix(Float64Array.of(1, 2, 3), 1),
    () => times.shift() ?? 0,
  );
  expect(micros).toBe((120 * 1000) / (2 * 3));
});
