import type { Matrix } from '../matrix.ts';

/**
 * What every fit asks of its labels: one 0 or 1 per row, both of them present.
 *
 * @throws RangeError when labels and rows disagree in number, a label is neither 0 nor 1, or there is one class only
 */
export function checkLabels({ rows }: Pick<Matrix, 'rows'>, labels: Uint8Array): void {
  if (labels.length !== rows) throw new RangeError(`${labels.length} labels for ${rows} rows`);
  for (const label of [0, 1]) {
    if (!labels.includes(label)) throw new RangeError(`no row has the label ${label}: expected both 0 and 1`);
  }
  const wrong = labels.find((label) => label > 1);
  if (wrong !== undefined) throw new RangeError(`label ${wrong}: expected 0 or 1`);
}

/** The logistic function, log-odds to probability; 0 and 1 at the ends, never NaN for a finite argument. */
export function expit(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}

/** The smallest float64 above a half: the score of a row whose label is 1 by less than a score can show. */
export const justAboveHalf = 0.5 + Number.EPSILON / 2;

/** Where in a part that is well formed alone something does not fit the number of features, and what. */
export interface PartFault {
  readonly path: (string | number)[];
  readonly message: string;
}

/** Nothing where the array is as long as it must be. */
export function lengthFaults(
  path: (string | number)[],
  { length, expected, what }: { length: number; expected: number; what: string },
): PartFault[] {
  return length === expected ? [] : [{ path, message: `${length} entries, expected ${expected}, ${what}` }];
}
