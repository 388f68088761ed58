import { type Matrix, rowOf } from '../matrix.ts';

export const targetColumn = 'target';

/**
 * CSV with a header, `\n` at the end of each line, and one decimal, which is what readings are rounded to.
 * Labels, where there are any, are the last column.
 */
export function toCsv({
  featureNames,
  features,
  labels,
}: {
  featureNames: readonly string[];
  features: Matrix;
  labels?: Uint8Array;
}): string {
  const lines = [labels ? [...featureNames, targetColumn] : featureNames];
  for (let i = 0; i < features.rows; i++) {
    const cells = Array.from(rowOf(features, i), (value) => value.toFixed(1));
    lines.push(labels ? [...cells, String(labels[i])] : cells);
  }
  return lines.map((cells) => `${cells.join()}\n`).join('');
}
