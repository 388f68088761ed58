import { type Matrix, rowOf, selectRows } from '../matrix.ts';

/** `labels[i]` is the label of row i of `features`: 0 normal, 1 anomaly. */
export interface LabeledRows {
  readonly features: Matrix;
  readonly labels: Uint8Array;
}

/** The rows at the given indices. */
export function selectLabeled({ features, labels }: LabeledRows, rows: ArrayLike<number>): LabeledRows {
  return { features: selectRows(features, rows), labels: Uint8Array.from(rows, (row) => labels[row]) };
}

/** Labeled readings. */
export interface Dataset extends LabeledRows {
  readonly featureNames: readonly string[];
}

/** A dataset read from a user's file, with how the file was interpreted. */
export interface ParsedDataset extends Dataset {
  /** One per feature; empty where unknown. */
  readonly units: readonly string[];
  /** The names of labels 0 and 1. */
  readonly classNames: readonly [string, string];
  /** Sentences about rows left out, assumptions made and oddities found. */
  readonly remarks: readonly string[];
}

export const maxFaultsShown = 10;

/**
 * A training file that cannot be used. The message names the file, lists the first ten faults and counts the
 * rest.
 */
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
 * CSV with a header, `\n` line ends and one decimal, the precision of readings. Labels, if given, are the
 * last column.
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
