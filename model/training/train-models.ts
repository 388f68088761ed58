import type { Artifact } from '../artifact/artifact-schema.ts';
import type { Compared, CrossValidation } from '../artifact/origin-schema.ts';
import type { Family } from '../classifiers/classifier.ts';
import type { LoadedDataset } from '../dataset/load-dataset.ts';
import { stratifiedFolds } from '../evaluation/stratified-folds.ts';
import type { ScalerKind } from '../scalers/fit-scaler.ts';
import { checkEnoughRows } from './check-enough-rows.ts';
import { crossValidate } from './cross-validate.ts';
import { families as allFamilies, type Parameters } from './families.ts';
import type { LabelledRows, Recipe } from './fit-recipe.ts';
import { fitHeldOut, type HeldOutModel, holdOut } from './hold-out.ts';
import { timePredictions } from './time-predictions.ts';
import { toArtifact } from './to-artifact.ts';
import { createWorkload, type Progress, type Workload } from './workload.ts';

export type TrainingOptions = {
  readonly families?: readonly Family[];
  readonly scaler?: ScalerKind;
  readonly seed?: number;
  readonly folds?: number;
  readonly parameters?: Readonly<Partial<Record<Family, Parameters>>>;
  readonly onProgress?: (progress: Progress) => void;
  /** Milliseconds, from any beginning. */
  readonly clock?: () => number;
};

export type TrainedModel = HeldOutModel & {
  readonly artifact: Artifact;
  readonly crossValidation: CrossValidation;
  readonly predictionMicros: number;
};

/** A family that cannot learn from these rows, and why. */
export type Failure = { readonly family: Family; readonly reason: string };

export type Training = {
  readonly models: readonly TrainedModel[];
  readonly failures: readonly Failure[];
  /** The best in cross-validation: the rows for testing choose nothing, so that what they say of it is fair. */
  readonly winner: TrainedModel;
  /** The rows on which every model was measured. */
  readonly test: LabelledRows;
};

/**
 * Sets a stratified fifth of the rows aside for testing. On the others every family is fitted once, which makes the model
 * that is measured on the fifth, and then cross-validated. The same dataset and options give the same artifacts, byte
 * for byte.
 *
 * @throws RangeError when there are too few rows of a label, or no family can learn from them
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
    workload.finish(recipe.family);
    return model;
  });
  const contest = await attemptEach(fits.results, workload, async (model) => {
    const { recipe } = model;
    const onFold = () => workload.finish(recipe.family);
    return { ...model, crossValidation: await crossValidate(held.train, recipe, { splits, onFold }) };
  });
  const failures = [...fits.failures, ...contest.failures];
  if (contest.results.length === 0) {
    throw new RangeError(failures.map(({ family, reason }) => `${family}: ${reason}`).join('\n'));
  }
  const comparison = contest.results.map(({ family, crossValidation, test }): Compared => {
    return { family, cross_validation: crossValidation, test };
  });
  const models = contest.results.map((model) => ({
    ...model,
    artifact: toArtifact(dataset, model, { crossValidation: model.crossValidation, comparison }),
    predictionMicros: timePredictions(model.fitted.pipeline, held.test.features, clock),
  }));
  return { models, failures, winner: chooseWinner(models), test: held.test };
}

/** Does the work for one family after the other; those that cannot learn from the rows fall out. */
async function attemptEach<Task extends { readonly family: Family }, Result>(
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
      workload.abandon(task.family);
    }
  }
  return { results, failures };
}

/** Of equal means the steadier, then the first. */
function chooseWinner(models: readonly TrainedModel[]): TrainedModel {
  return models.reduce((best, model) => {
    const lead = model.crossValidation.mean - best.crossValidation.mean;
    const isSteadier = model.crossValidation.sd < best.crossValidation.sd;
    return lead > 0 || (lead === 0 && isSteadier) ? model : best;
  });
}
