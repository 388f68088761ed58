import { describe, expect, test } from 'vitest';
import { type Classifier, createPredictProba, prepareClassifier } from '../classifiers/families.ts';
import { fitGradientBoosting } from '../classifiers/gradient-boosting.ts';
import { fitRandomForest } from '../classifiers/random-forest.ts';
import { generateDataset } from '../dataset/generate-dataset.ts';
import { type Matrix, rowOf, selectRows } from '../matrix.ts';
import reference from '../reference/random-forest.json' with { type: 'json' };
import { fitStandardScaler } from '../scalers/fit-scaler.ts';
import { transform } from '../scalers/scaler.ts';

const { features, labels } = generateDataset();
const { n_estimators, runs } = reference.cross_validation;

type Fit = (matrix: Matrix, labels: Uint8Array, seed: number) => Classifier;

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The accuracy on the rows of one fold of a classifier fitted to the others. */
function foldAccuracy(
  fitClassifier: Fit,
  { folds, seed }: { folds: string; seed: number },
  fold: number,
): number {
  const rows = Array.from(labels.keys());
  const held = rows.filter((row) => Number(folds[row]) === fold);
  const others = rows.filter((row) => Number(folds[row]) !== fold);
  const scaler = fitStandardScaler(selectRows(features, others));
  const scaled = transform(scaler, features);
  const classifier = fitClassifier(
    selectRows(scaled, others),
    Uint8Array.from(others, (row) => labels[row]),
    seed,
  );
  const predictProba = createPredictProba(prepareClassifier(classifier, features.columns), features.columns);
  return meanOf(held.map((row) => Number(Number(predictProba(rowOf(scaled, row)) > 0.5) === labels[row])));
}

describe(`five-fold cross-validation with ${n_estimators} trees, five seeds, scikit-learn's folds`, () => {
  test.each<['random_forest' | 'gradient_boosting', Fit]>([
    ['random_forest', (matrix, given, seed) => fitRandomForest(matrix, given, { n_estimators, seed })],
    ['gradient_boosting', (matrix, given) => fitGradientBoosting(matrix, given, { n_estimators })],
  ])('%s is as accurate as scikit-learn within half a percentage point', (family, fitClassifier) => {
    const ours = runs.map((run) =>
      meanOf([0, 1, 2, 3, 4].map((fold) => foldAccuracy(fitClassifier, run, fold))),
    );
    const theirs = runs.map((run) => meanOf(run[family]));
    expect(Math.abs(meanOf(ours) - meanOf(theirs))).toBeLessThan(0.005);
    for (const [i, accuracy] of ours.entries()) expect(Math.abs(accuracy - theirs[i])).toBeLessThan(0.01);
  });
});
