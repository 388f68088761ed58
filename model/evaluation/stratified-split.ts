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
  const foldOf = new Int32Array(labels.length);
  for (const { rows, first } of groupByLabel(labels)) {
    if (rows.length < folds) {
      throw new RangeError(
        `label ${labels[rows[0]]} has ${rows.length} rows, expected one for each of ${folds} folds`,
      );
    }
    const shuffled = shuffledIndices(rows.length, random);
    for (const [place, fold] of dealtFolds(rows.length, { first, folds }).entries()) {
      foldOf[rows[shuffled[place]]] = fold;
    }
  }
  const rows = Int32Array.from(labels.keys());
  return Array.from({ length: folds }, (_, fold) => ({
    train: rows.filter((row) => foldOf[row] !== fold),
    test: rows.filter((row) => foldOf[row] === fold),
  }));
}

/**
 * The rows of each label, starting with the label of the first row. `first` is the number of rows in earlier
 * groups.
 */
function groupByLabel(labels: Uint8Array): { rows: Int32Array; first: number }[] {
  const rows = Int32Array.from(labels.keys());
  const same = rows.filter((row) => labels[row] === labels[0]);
  const other = rows.filter((row) => labels[row] !== labels[0]);
  return [{ rows: same, first: 0 }, ...(other.length > 0 ? [{ rows: other, first: same.length }] : [])];
}

/** Folds of the rows of a label: rows sorted by label are dealt to the folds in turn. */
function dealtFolds(count: number, { first, folds }: { first: number; folds: number }): number[] {
  return Array.from({ length: count }, (_, i) => (first + i) % folds);
}
