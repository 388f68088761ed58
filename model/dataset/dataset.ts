import { type Matrix, rowOf } from '../matrix.ts';

/** Labeled readings; the label of row i of `features` is `labels[i]`: 0 normal, 1 anomaly. */
export interface Dataset {
  readonly featureNames: readonly string[];
  readonly features: Matrix;
  readonly labels: Uint8Array;
}

/** A dataset that somebody else wrote, and how it was understood. */
export interface ParsedDataset extends Dataset {
  /** One per feature; empty where it is not known. */
  readonly units: readonly string[];
  /** What labels 0 and 1 are called. */
  readonly classNames: readonly [string, string];
  /** What was left out, what was taken for granted, and what looks odd: a sentence each. */
  readonly remarks: readonly string[];
}

export const maxFaultsShown = 10;

/** A training file that cannot be used. The message names the file and its first ten faults, and counts the rest. */
export class DatasetError extends Error {
  readonly source: string;
  readonly faults: readonly string[];

  constructor(source: string, faults: readonly string[], options?: ErrorOptions) {
    const shown = faults.slice(0, maxFaultsShown).map((fault) => `  ${fault}`);
    const hidden = faults.length - shown.length;
    if (hidden > 0) shown.push(`  and ${hidden} more`);
    const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
    super([`${source}: ${count}`, ...shown].join('\n'), options);
    this.name = 'DatasetError';
    this.source = source;
    this.faults = faults;
  }
}

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
