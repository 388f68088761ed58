import type { Family } from '../classifiers/classifier.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { evaluate, type Metrics } from '../evaluation/evaluate.ts';
import { stratifiedSplit } from '../evaluation/stratified-split.ts';
import { selectLabelled } from './cross-validate.ts';
import { trainers } from './families.ts';
import { type Fitted, fitRecipe, type LabelledRows, type Recipe, threshold } from './fit-recipe.ts';

/** A fifth of the rows is for testing only. */
const testShare = 0.2;

export type HeldOut = { readonly train: LabelledRows; readonly test: LabelledRows };

/** A model and what it is worth on rows that it has not learnt from. */
export type HeldOutModel = {
  readonly family: Family;
  readonly recipe: Recipe;
  readonly fitted: Fitted;
  /** What trained it, where that was not this package alone. */
  readonly library: string | undefined;
  readonly train: LabelledRows;
  readonly test: Metrics;
  /** Of the rows for testing, in their order. */
  readonly testScores: Float64Array;
  readonly fitSeconds: number;
};

/** @throws RangeError when a label has fewer than two rows */
export function holdOut(dataset: Dataset, seed: number): HeldOut {
  const { train, test } = stratifiedSplit(dataset.labels, { testShare, seed });
  return { train: selectLabelled(dataset, train), test: selectLabelled(dataset, test) };
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
