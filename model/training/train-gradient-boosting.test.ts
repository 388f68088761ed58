import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseArtifact } from '../artifact/parse-artifact.ts';
import { serializeArtifact } from '../artifact/seal-artifact.ts';
import { loadDataset } from '../dataset/load-dataset.ts';
import { createMatrix } from '../matrix.ts';
import { trainGradientBoosting } from './train-gradient-boosting.ts';

const dataset = await loadDataset(new URL('../data/dataset.csv', import.meta.url).pathname);
const committed = new URL('../artifacts/gradient-boosting.json', import.meta.url);

describe('trainGradientBoosting', () => {
  test('makes the committed artifact from the committed dataset, byte for byte', () => {
    expect(serializeArtifact(trainGradientBoosting(dataset)) === readFileSync(committed, 'utf8')).toBe(true);
  });

  test('measures on rows that it has not learnt from', () => {
    const { origin: training } = trainGradientBoosting(dataset, {
      seed: 3,
      parameters: { n_estimators: 20 },
    });
    if (training.kind !== 'trained') throw new Error('expected a trained model');
    expect(training.train_rows + training.test.rows).toBe(training.rows);
    expect(training.test.rows / training.rows).toBeCloseTo(0.2, 2);
    expect(training).toMatchObject({
      seed: 3,
      data_sha256: dataset.sha256,
      parameters: { n_estimators: 20 },
    });
  });

  test('takes any features, one alone or sixty-four', () => {
    for (const columns of [1, 64]) {
      const rows = 40;
      const values = Float64Array.from({ length: rows * columns }, (_, i) => ((i * 37) % 101) / 10);
      const artifact = trainGradientBoosting(
        {
          featureNames: Array.from({ length: columns }, (_, i) => `f${i}`),
          features: createMatrix(values, columns),
          labels: Uint8Array.from({ length: rows }, (_, i) => (values[i * columns] > 5 ? 1 : 0)),
          sha256: '0'.repeat(64),
        },
        { parameters: { n_estimators: 5 } },
      );
      const { pipeline } = parseArtifact(serializeArtifact(artifact), 'made.json');
      expect(pipeline.featureNames.length).toBe(columns);
    }
  });
});
