import type { CrossValidation } from '../artifact/origin-schema.ts';
import { evaluate } from '../evaluation/evaluate.ts';
import { meanAndSd } from '../evaluation/mean-and-sd.ts';
import type { Split } from '../evaluation/stratified-split.ts';
import { selectRows } from '../matrix.ts';
import { fitRecipe, type LabelledRows, type Recipe, threshold } from './fit-recipe.ts';

/** The rows whose indices are given. */
export function selectLabelled({ features, labels }: LabelledRows, rows: Int32Array): LabelledRows {
  return { features: selectRows(features, rows), labels: Uint8Array.from(rows, (row) => labels[row]) };
}

/**
 * The accuracy of models that are made by the same recipe, each on rows that it has not learnt from: scaler and
 * classifier are fitted anew for every fold.
 *
 * @param onFold called after each fold
 * @throws RangeError as `fitRecipe` does
 */
export async function crossValidate(
  rows: LabelledRows,
  recipe: Recipe,
  { splits, onFold }: { splits: readonly Split[]; onFold?: () => void },
): Promise<CrossValidation> {
  const accuracies: number[] = [];
  for (const { train, test } of splits) {
    const { pipeline } = await fitRecipe(selectLabelled(rows, train), recipe);
    const { features, labels } = selectLabelled(rows, test);
    accuracies.push(evaluate(labels, pipeline.scoreBatch(features.values), threshold).accuracy);
    onFold?.();
  }
  return { folds: splits.length, accuracies, ...meanAndSd(accuracies) };
}
