import { createRandom, shuffledIndices } from '../dataset/random.ts';

/** Row indices, ascending. */
export type Split = { readonly train: Int32Array; readonly test: Int32Array };

/**
 * Draws rows for testing, the same share of each label (rounded to whole rows, at least one), so that train and test
 * hold the labels in the same proportion.
 *
 * @param testShare above 0 and below 1
 * @throws RangeError for a share outside this, or when a label has fewer than two rows
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
