import type { Artifact, Compared, CrossValidation } from '../artifact/artifact-schema.ts';
import { chooseBackgroundRows, chooseReferenceRows } from '../artifact/choose-rows.ts';
import { sealArtifact } from '../artifact/seal-artifact.ts';
import type { Classifier, TrainedFamily } from '../classifiers/families.ts';
import { type Dataset, type LabeledRows, selectLabeled } from '../dataset/dataset.ts';
import type { LoadedDataset } from '../dataset/parse-dataset.ts';
import { evaluate, type Metrics, meanAndSd } from '../evaluation/evaluate.ts';
import { type Split, stratifiedSplit } from '../evaluation/stratified-split.ts';
import { createPipeline, type Pipeline } from '../pipeline.ts';
import { fitScaler, type ScalerKind } from '../scalers/fit-scaler.ts';
import { type Scaler, transform } from '../scalers/scaler.ts';
import { type Parameters, trainers } from './trainers.ts';

/** Everything besides the rows that determines a model. */
export interface Recipe {
  readonly family: TrainedFamily;
  readonly scaler: ScalerKind;
  readonly seed: number;
  /** Defaults apply to parameters that are left out. */
  readonly parameters?: Parameters | undefined;
}

export interface Fitted {
  readonly scaler: Scaler;
  readonly classifier: Classifier;
  /** All parameters, defaults included. */
  readonly settings: Parameters;
  readonly pipeline: Pipeline;
}

export const threshold = 0.5;

/** Share of the rows that are used for testing only. */
const testShare = 0.2;

export interface HeldOut {
  readonly train: LabeledRows;
  readonly test: LabeledRows;
}

/** A model and its metrics on rows that it was not fitted on. */
export interface HeldOutModel {
  readonly family: TrainedFamily;
  readonly recipe: Recipe;
  readonly fitted: Fitted;
  /** The library that fitted the classifier, if not this package. */
  readonly library: string | undefined;
  readonly train: LabeledRows;
  readonly test: Metrics;
  /** One per test row. */
  readonly testScores: Float64Array;
  readonly fitSeconds: number;
}

/**
 * Sets a stratified fifth of the rows aside for testing.
 *
 * @throws RangeError when a label has fewer than two rows
 */
export function holdOut(dataset: Dataset, seed: number): HeldOut {
  const { train, test } = stratifiedSplit(dataset.labels, { testShare, seed });
  return { train: selectLabeled(dataset, train), test: selectLabeled(dataset, test) };
}

/**
 * Fits to the training rows and evaluates on the test rows.
 *
 * @param clock milliseconds since any origin
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

/**
 * The accuracy of a recipe by cross-validation: scaler and classifier are fitted anew for every fold.
 *
 * @param splits row indices of each fold
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

/**
 * Fits a scaler, then a classifier on the scaled rows.
 *
 * @param rows unscaled
 * @throws RangeError when the family cannot be fitted to these rows
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

/** The results that exist only after every family has been trained. */
interface Comparison {
  readonly crossValidation: CrossValidation;
  readonly comparison: readonly Compared[];
}

/** The artifact of the model that was evaluated on the test rows. It is not refitted on all rows. */
export function toArtifact(
  dataset: LoadedDataset,
  { recipe, fitted, library, train, test }: HeldOutModel,
  { type, crossValidation, comparison }: Comparison & { type?: string | undefined },
): Artifact {
  const referenceRows = chooseReferenceRows(dataset.features);
  return sealArtifact({
    format: { id: 'sensor-sentinel-pipeline', version: 2 },
    type,
    features: dataset.featureNames.map((name, j) => ({ name, unit: dataset.units[j] })),
    class_names: [...dataset.classNames],
    scaler: fitted.scaler,
    classifier: fitted.classifier,
    threshold,
    background: chooseBackgroundRows(train.features),
    origin: {
      kind: 'trained',
      seed: recipe.seed,
      parameters: statedParameters(fitted.settings),
      rows: dataset.features.rows,
      train_rows: train.features.rows,
      data_sha256: dataset.sha256,
      ...(library !== undefined && { library }),
      test,
      cross_validation: crossValidation,
      comparison: [...comparison],
    },
    reference: { rows: referenceRows, scores: referenceRows.map((row) => fitted.pipeline.score(row)) },
  });
}

/** Leaves out parameters that are null, such as an unlimited `max_depth`. */
function statedParameters(settings: Parameters): Record<string, number | string | boolean> {
  return Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );
}
