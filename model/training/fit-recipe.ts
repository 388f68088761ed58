import type { CrossValidation } from '../artifact/artifact-schema.ts';
import type { Classifier, Family } from '../classifiers/classifier.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { evaluate, type Metrics, meanAndSd } from '../evaluation/evaluate.ts';
import { type Split, stratifiedSplit } from '../evaluation/stratified-split.ts';
import { type Matrix, selectRows } from '../matrix.ts';
import { createPipeline, type Pipeline } from '../pipeline.ts';
import { fitScaler, type ScalerKind } from '../scalers/fit-scaler.ts';
import { type Scaler, transform } from '../scalers/scaler.ts';
import { type Parameters, trainers } from './families.ts';

/** All that decides what is made of the same rows. */
export interface Recipe {
  readonly family: Family;
  readonly scaler: ScalerKind;
  readonly seed: number;
  /** Those that are left out have the family's defaults. */
  readonly parameters?: Parameters | undefined;
}

export interface LabeledRows {
  readonly features: Matrix;
  readonly labels: Uint8Array;
}

export interface Fitted {
  readonly scaler: Scaler;
  readonly classifier: Classifier;
  /** All parameters, the defaults too. */
  readonly settings: Parameters;
  readonly pipeline: Pipeline;
}

export const threshold = 0.5;

/**
 * Fits a scaler and then a classifier to the scaled rows.
 *
 * @param rows unscaled
 * @throws RangeError when the family cannot learn from these rows
 * @throws ZodError when a parameter is out of range
 */
async function fitRecipe(
  { features, labels }: LabeledRows,
  { family, scaler: kind, seed, parameters = {} }: Recipe,
): Promise<Fitted> {
  const trainer = trainers[family];
  const settings = trainer.parse(parameters, seed);
  const scaler = fitScaler(kind, features);
  const classifier = await trainer.fit({ features: transform(scaler, features), labels }, settings);
  const columns = Array.from({ length: features.columns }, (_, j) => ({ name: `feature ${j}`, unit: '' }));
  const pipeline = createPipeline({ name: family, features: columns, scaler, classifier, threshold });
  return { scaler, classifier, settings, pipeline };
}

/** A fifth of the rows is for testing only. */
const testShare = 0.2;

export interface HeldOut {
  readonly train: LabeledRows;
  readonly test: LabeledRows;
}

/** A model and what it is worth on rows that it has not learned from. */
export interface HeldOutModel {
  readonly family: Family;
  readonly recipe: Recipe;
  readonly fitted: Fitted;
  /** What trained it, where that was not this package alone. */
  readonly library: string | undefined;
  readonly train: LabeledRows;
  readonly test: Metrics;
  /** Of the rows for testing, in their order. */
  readonly testScores: Float64Array;
  readonly fitSeconds: number;
}

/** @throws RangeError when a label has fewer than two rows */
export function holdOut(dataset: Dataset, seed: number): HeldOut {
  const { train, test } = stratifiedSplit(dataset.labels, { testShare, seed });
  return { train: selectLabeled(dataset, train), test: selectLabeled(dataset, test) };
}

/**
 * Fits to the rows for training, and measures on those for testing.
 *
 * @param clock milliseconds, from any beginning
 * @throws RangeError as `fitRecipe` does
 */
export async function fitHeldOut(
  { train, test }: HeldOut,
  recipe: Recipe,
  clock: () => number = () => performance.now(),
): Promise<HeldOutModel> {
  const library = await trainers[recipe.family].load?.();
  const start = clock();
  const fitted = await fitRecipe(train, recipe);
  const fitSeconds = (clock() - start) / 1000;
  const testScores = fitted.pipeline.scoreBatch(test.features.values);
  return {
    family: recipe.family,
    recipe,
    fitted,
    library,
    train,
    test: evaluate(test.labels, testScores, threshold),
    testScores,
    fitSeconds,
  };
}

/** The rows whose indices are given. */
function selectLabeled({ features, labels }: LabeledRows, rows: Int32Array): LabeledRows {
  return { features: selectRows(features, rows), labels: Uint8Array.from(rows, (row) => labels[row]) };
}

/**
 * The accuracy of models that are made by the same recipe, each on rows that it has not learned from: scaler and
 * classifier are fitted anew for every fold.
 *
 * @param onFold called after each fold
 * @throws RangeError as `fitRecipe` does
 */
export async function crossValidate(
  rows: LabeledRows,
  recipe: Recipe,
  { splits, onFold }: { splits: readonly Split[]; onFold?: () => void },
): Promise<CrossValidation> {
  const accuracies: number[] = [];
  for (const { train, test } of splits) {
    const { pipeline } = await fitRecipe(selectLabeled(rows, train), recipe);
    const { features, labels } = selectLabeled(rows, test);
    accuracies.push(evaluate(labels, pipeline.scoreBatch(features.values), threshold).accuracy);
    onFold?.();
  }
  return { folds: splits.length, accuracies, ...meanAndSd(accuracies) };
}
