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
