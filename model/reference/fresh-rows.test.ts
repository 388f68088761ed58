import { describe, expect, test } from 'vitest';
import { loadArtifact } from '../artifact/load-artifact.ts';
import { drawLabeledReadings } from '../dataset/generate-dataset.ts';
import reference from './fresh-rows.json' with { type: 'json' };

/** The rows of fresh.csv by write-rows.ts, which no model was fitted on. */
const { features, labels } = drawLabeledReadings({ rows: reference.rows, seed: 2026 });

/** Half a percentage point. */
const parity = 0.005;

async function accuracyOf(family: string): Promise<number> {
  const path = new URL(`../artifacts/${family}.json`, import.meta.url).pathname;
  const { artifact, pipeline } = await loadArtifact(path);
  expect(artifact.origin).toMatchObject({ kind: 'trained', train_rows: reference.train_rows });
  const scores = pipeline.scoreBatch(features.values);
  let right = 0;
  for (let i = 0; i < labels.length; i++) if (pipeline.toPrediction(scores[i]) === labels[i]) right++;
  return right / labels.length;
}

describe('on 50 000 fresh rows', () => {
  test.each(Object.entries(reference.accuracy))(
    '%s is as accurate as in scikit-learn',
    async (family, theirs) => {
      const ours = await accuracyOf(family);
      expect(Math.abs(ours - theirs)).toBeLessThanOrEqual(parity);
      expect(ours).toBeLessThan(0.934);
      if (family !== 'logistic-regression') expect(ours).toBeGreaterThanOrEqual(0.915);
    },
  );

  test('the best in cross-validation has an accuracy of at least 92.4 %', async () => {
    const { artifact } = await loadArtifact(
      new URL('../artifacts/gradient-boosting.json', import.meta.url).pathname,
    );
    if (artifact.origin.kind !== 'trained') throw new Error('expected a trained model');
    const [winner] = artifact.origin.comparison.toSorted(
      (a, b) => b.cross_validation.mean - a.cross_validation.mean,
    );
    expect(await accuracyOf(winner.family)).toBeGreaterThanOrEqual(0.924);
  });
});
