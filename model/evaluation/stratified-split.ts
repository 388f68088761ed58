import { createRandom, shuffledIndices } from '../dataset/random.ts';

/** Row indices, ascending. */
export interface Split {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/**
 * Splits rows into a training and a test set with the same share of each label, rounded to whole rows, at
 * least one.
 *
 * @param testShare share of the test set, in (0, 1)
 * @throws RangeError for another share, or when a label has fewer than two rows
 */
export function stratifiedSplit(
  labels: Uint8Array,
  { testShare, seed }: { testShare: number; seed: number },
): Split {
  if (!(testShare > 0 && testShare < 1))
    throw new RangeError(`test share ${testShare}: expected it between 0 and 1`);
  const random = createRandom(seed);
  const isTest = new Uint8Array(labels.length);
  for (const label of [0, 1]) {
    const rows = Array.from(labels.keys()).filter((row) => labels[row] === label);
    if (rows.length < 2) throw new RangeError(`label ${label} has ${rows.length} rows, expected at least 2`);
    const wanted = Math.min(rows.length - 1, Math.max(1, Math.round(rows.length * testShare)));
    for (const index of shuffledIndices(rows.length, random).subarray(0, wanted)) isTest[rows[index]] = 1;
  }
  const rows = Int32Array.from(labels.keys());
  return { train: rows.filter((row) => isTest[row] === 0), test: rows.filter((row) => isTest[row] === 1) };
}

/**
 * Splits rows into folds, each the test set once, with each label spread evenly over the folds. The number of
 * rows of each label per fold equals that of `StratifiedKFold(folds, shuffle=True)` of scikit-learn 1.2.1
 * (`_make_test_folds` in sklearn/model_selection/_split.py). Which rows these are depends on our own
 * generator.
 *
 * @param labels 0 or 1
 * @throws RangeError for fewer than two folds, or when a label has fewer rows than there are folds
 */
export function stratifiedFolds(
  labels: Uint8Array,
  { folds, seed }: { folds: number; seed: number },
): Split[] {
  if (!Number.isInteger(folds) || folds < 2) throw new RangeError(`${folds} folds: expected at least 2`);
  const random = createRandom(seed);
  const rows = Int32Array.from(labels.keys());
  const foldOf = new Int32Array(labels.length);
  // As if rows were sorted by label, from the label of the first row on, and dealt to the folds in turn.
  let dealt = 0;
  for (const label of [labels[0], 1 - labels[0]]) {
    const own = rows.filter((row) => labels[row] === label);
    if (own.length > 0 && own.length < folds) {
      throw new RangeError(`label ${label} has ${own.length} rows, expected one for each of ${folds} folds`);
    }
    for (const index of shuffledIndices(own.length, random)) foldOf[own[index]] = dealt++ % folds;
  }
  return Array.from({ length: folds }, (_, fold) => ({
    train: rows.filter((row) => foldOf[row] !== fold),
    test: rows.filter((row) => foldOf[row] === fold),
  }));
}
