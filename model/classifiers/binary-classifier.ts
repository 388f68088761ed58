import type { Matrix } from '../matrix.ts';

/**
 * Checks that there is one label per row, that each is 0 or 1, and that both occur.
 *
 * @throws RangeError when the numbers of labels and rows differ, a label is neither 0 nor 1, or only one
 *   class occurs
 */
export function checkLabels({ rows }: Pick<Matrix, 'rows'>, labels: Uint8Array): void {
  if (labels.length !== rows) throw new RangeError(`${labels.length} labels for ${rows} rows`);
  for (const label of [0, 1]) {
    if (!labels.includes(label)) throw new RangeError(`no row has the label ${label}: expected both 0 and 1`);
  }
  const wrong = labels.find((label) => label > 1);
  if (wrong !== undefined) throw new RangeError(`label ${wrong}: expected 0 or 1`);
}

/** The logistic function: log-odds to probability, in [0, 1]. Never NaN for a finite argument. */
export function expit(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}

/**
 * The smallest float64 above 0.5: the score of a row that is classified as 1 although its probability rounds
 * to 0.5.
 */
export const justAboveHalf = 0.5 + Number.EPSILON / 2;

/**
 * A part of a classifier that does not fit the number of features: its path in the classifier, and what is
 * wrong.
 */
export interface PartFault {
  readonly path: (string | number)[];
  readonly message: string;
}
