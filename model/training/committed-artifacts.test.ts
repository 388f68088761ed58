import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Origin } from '../artifact/artifact-schema.ts';
import { parseArtifact } from '../artifact/load-artifact.ts';
import { serializeArtifact } from '../artifact/seal-artifact.ts';
import type { TrainedFamily } from '../classifiers/families.ts';
import { drawLabeledReadings } from '../dataset/generate-dataset.ts';
import { loadDataset } from '../dataset/parse-dataset.ts';
import { evaluate } from '../evaluation/evaluate.ts';
import { stratifiedFolds } from '../evaluation/stratified-split.ts';
import { crossValidate, fitHeldOut, holdOut, toArtifact } from './fit-recipe.ts';
import { families } from './trainers.ts';

const dataset = await loadDataset(new URL('../data/dataset.csv', import.meta.url).pathname);
const held = holdOut(dataset, 0);

const committed = families.map((family) => {
  const text = readFileSync(new URL(`../artifacts/${family}.json`, import.meta.url), 'utf8');
  return { family, text, ...parseArtifact(text, `${family}.json`) };
});

function trainedOrigin(family: TrainedFamily): Extract<Origin, { kind: 'trained' }> {
  const origin = committed.find((each) => each.family === family)?.artifact.origin;
  if (origin?.kind !== 'trained') throw new Error(`expected a trained ${family}`);
  return origin;
}

describe('the committed artifacts', () => {
  /** The network takes seconds, and another library gives other weights. */
  const fast = families.filter((family) => family !== 'neural-network');

  test.each(fast)('are made again from the committed dataset, byte for byte: %s', async (family) => {
    const { cross_validation, comparison } = trainedOrigin(family);
    const model = await fitHeldOut(held, { family, scaler: 'standard', seed: 0 });
    if (!cross_validation) throw new Error('expected a cross-validation');
    const made = toArtifact(dataset, model, { crossValidation: cross_validation, comparison });
    expect(serializeArtifact(made) === committed[families.indexOf(family)].text).toBe(true);
  });

  test.each(['logistic-regression', 'k-nearest-neighbors', 'gradient-boosting'] as const)(
    'are cross-validated to the same accuracies: %s',
    async (family) => {
      const splits = stratifiedFolds(held.train.labels, { folds: 5, seed: 0 });
      const recipe = { family, scaler: 'standard', seed: 0 } as const;
      const validated = await crossValidate(held.train, recipe, { splits });
      expect(validated).toEqual(trainedOrigin(family).cross_validation);
    },
  );

  test('were compared with each other on the committed dataset', () => {
    const compared = families.map((family) => {
      const { cross_validation, test: metrics } = trainedOrigin(family);
      return { family, cross_validation, test: metrics };
    });
    for (const family of families) {
      expect(trainedOrigin(family).comparison).toEqual(compared);
      expect(trainedOrigin(family).data_sha256).toBe(dataset.sha256);
    }
  });

  test('say what trained the network', () => {
    expect(trainedOrigin('neural-network').library).toMatch(/^@tensorflow\/tfjs/);
  });

  test('are right about fresh rows: the best 92.4 %, all but the linear one 91.5 %, none more than is possible', () => {
    const fresh = drawLabeledReadings({ rows: 50_000, seed: 20 });
    const accuracies = committed
      .filter(({ family }) => family !== 'logistic-regression')
      .map(
        ({ pipeline }) => evaluate(fresh.labels, pipeline.scoreBatch(fresh.features.values), 0.5).accuracy,
      );
    expect(Math.min(...accuracies)).toBeGreaterThan(0.915);
    expect(Math.max(...accuracies)).toBeGreaterThan(0.924);
    expect(Math.max(...accuracies)).toBeLessThan(0.934);
  });
});
