import type { Artifact, Compared, CrossValidation } from '../artifact/artifact-schema.ts';
import type { TrainedFamily } from '../classifiers/families.ts';
import type { LabeledRows, ParsedDataset } from '../dataset/dataset.ts';
import type { LoadedDataset } from '../dataset/parse-dataset.ts';
import { stratifiedFolds } from '../evaluation/stratified-split.ts';
import { type Matrix, rowOf } from '../matrix.ts';
import type { Pipeline } from '../pipeline.ts';
import type { ScalerKind } from '../scalers/fit-scaler.ts';
import {
  crossValidate,
  fitHeldOut,
  type HeldOutModel,
  holdOut,
  type Recipe,
  toArtifact,
} from './fit-recipe.ts';
import { families as allFamilies, type Parameters } from './trainers.ts';
import { createWorkload, type Progress, type Workload } from './workload.ts';

export interface TrainingOptions {
  /** The sensor type whose readings the models score; undefined: the default type. */
  readonly type?: string | undefined;
  readonly families?: readonly TrainedFamily[];
  readonly scaler?: ScalerKind;
  readonly seed?: number;
  readonly folds?: number;
  readonly parameters?: Readonly<Partial<Record<TrainedFamily, Parameters>>>;
  readonly onProgress?: (progress: Progress) => void;
  /** Milliseconds since any origin. */
  readonly clock?: () => number;
}

export interface TrainedModel extends HeldOutModel {
  readonly artifact: Artifact;
  readonly crossValidation: CrossValidation;
  readonly predictionMicros: number;
}

/** A family that cannot be fitted to these rows, and why. */
export interface Failure {
  readonly family: TrainedFamily;
  readonly reason: string;
}

export interface Training {
  readonly models: readonly TrainedModel[];
  readonly failures: readonly Failure[];
  /**
   * The best model in cross-validation. The test rows have no part in the choice, so its test metrics are
   * unbiased.
   */
  readonly winner: TrainedModel;
  /** The rows that every model was evaluated on. */
  readonly test: LabeledRows;
}

/**
 * Trains and compares classifier families. A stratified fifth of the rows is set aside for testing. On the
 * others, each family is fitted once, which gives the model that is evaluated and stored, and then
 * cross-validated. The same dataset and options give the same artifacts, byte for byte.
 *
 * @throws RangeError when a label has too few rows, or no family can be fitted
 */
export async function trainModels(dataset: LoadedDataset, options: TrainingOptions = {}): Promise<Training> {
  const { families = allFamilies, scaler = 'standard', seed = 0, folds = 5 } = options;
  const { clock = () => performance.now(), onProgress } = options;
  checkEnoughRows(dataset, folds);
  const held = holdOut(dataset, seed);
  const splits = stratifiedFolds(held.train.labels, { folds, seed });
  const recipes = families.map((family): Recipe => {
    return { family, scaler, seed, parameters: options.parameters?.[family] };
  });
  const workload = createWorkload({ families, folds, clock, onProgress });

  const fits = await attemptEach(recipes, workload, async (recipe) => {
    const model = await fitHeldOut(held, recipe, clock);
    workload.finish();
    return model;
  });
  const validated = await attemptEach(fits.results, workload, async (model) => {
    const onFold = workload.finish;
    return { ...model, crossValidation: await crossValidate(held.train, model.recipe, { splits, onFold }) };
  });
  const failures = [...fits.failures, ...validated.failures];
  if (validated.results.length === 0) {
    throw new RangeError(failures.map(({ family, reason }) => `${family}: ${reason}`).join('\n'));
  }
  const comparison = validated.results.map(({ family, crossValidation, test }): Compared => {
    return { family, cross_validation: crossValidation, test };
  });
  const models = validated.results.map((model) => ({
    ...model,
    artifact: toArtifact(dataset, model, {
      type: options.type,
      crossValidation: model.crossValidation,
      comparison,
    }),
    predictionMicros: timePredictions(model.fitted.pipeline, held.test.features, clock),
  }));
  return { models, failures, winner: chooseWinner(models), test: held.test };
}

/** Runs `work` for each family in turn. A RangeError removes the family and is recorded as a failure. */
async function attemptEach<Task extends { readonly family: TrainedFamily }, Result>(
  tasks: readonly Task[],
  workload: Workload,
  work: (task: Task) => Promise<Result>,
): Promise<{ results: Result[]; failures: Failure[] }> {
  const results: Result[] = [];
  const failures: Failure[] = [];
  for (const task of tasks) {
    workload.begin(task.family);
    try {
      results.push(await work(task));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      failures.push({ family: task.family, reason: error.message });
      workload.abandon();
    }
  }
  return { results, failures };
}

/** Of equal means, the one with the smaller standard deviation, then the first. */
function chooseWinner(models: readonly TrainedModel[]): TrainedModel {
  return models.reduce((best, model) => {
    const lead = model.crossValidation.mean - best.crossValidation.mean;
    const variesLess = model.crossValidation.sd < best.crossValidation.sd;
    return lead > 0 || (lead === 0 && variesLess) ? model : best;
  });
}

const leastRows = 10;

/** @throws RangeError when a label has too few rows for training, cross-validation and testing */
function checkEnoughRows({ labels, classNames }: ParsedDataset, folds: number): void {
  const needed = Math.max(leastRows, Math.ceil((folds * 5) / 4) + 1);
  const counts = classNames.map((_, label) => labels.filter((each) => each === label).length);
  const scarce = counts.flatMap((count, label) =>
    count < needed ? [`label ${label} ("${classNames[label]}") has ${count}`] : [],
  );
  if (scarce.length > 0) {
    throw new RangeError(
      `too few rows: ${scarce.join(', ')}, expected at least ${needed} for ${folds} folds`,
    );
  }
}

const leastMs = 100;
const maxPasses = 10_000;

/**
 * The mean time of one prediction in microseconds, row by row, scaling included. Measures for a tenth of a
 * second, after one pass of warm-up.
 *
 * @param clock milliseconds since any origin
 */
export function timePredictions(pipeline: Pipeline, features: Matrix, clock: () => number): number {
  const pass = () => {
    for (let i = 0; i < features.rows; i++) pipeline.score(rowOf(features, i));
  };
  pass();
  const start = clock();
  let passes = 0;
  do {
    pass();
    passes++;
  } while (clock() - start < leastMs && passes < maxPasses);
  return ((clock() - start) * 1000) / (passes * features.rows);
}
