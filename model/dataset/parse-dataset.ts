import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createMatrix, type Matrix, rowOf } from '../matrix.ts';
import {
  DatasetError,
  type LabeledRows,
  type ParsedDataset,
  selectLabeled,
  targetColumn,
} from './dataset.ts';
import { type ColumnOptions, type Columns, parseHeader } from './parse-header.ts';
import { parseLabels } from './parse-labels.ts';
import { parseRows } from './parse-rows.ts';
import { readTable } from './read-table.ts';

/** A dataset from a file, with the SHA-256 of the file's bytes. */
export interface LoadedDataset extends ParsedDataset {
  readonly sha256: string;
}

/**
 * Reads a dataset from a CSV file.
 *
 * @throws DatasetError when the file cannot be read or used
 */
export async function loadDataset(path: string, options: DatasetOptions = {}): Promise<LoadedDataset> {
  const bytes = await readFile(path).catch((cause) => {
    throw new DatasetError(path, [`cannot be read: ${cause.message}`], { cause });
  });
  const dataset = parseDataset(toText(bytes, path), { ...options, source: path });
  return { ...dataset, sha256: createHash('sha256').update(bytes).digest('hex') };
}

function toText(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new DatasetError(path, ['is not UTF-8 text: save it in that encoding'], { cause });
  }
}

export interface DatasetOptions extends Partial<ColumnOptions> {
  /** The class that becomes label 1, where the labels are not 0 and 1. */
  readonly positive?: string | undefined;
  /** Whether repeated rows are kept; 'drop' by default. */
  readonly duplicates?: Duplicates | undefined;
}

/**
 * Parses labeled rows from CSV with a header. The column `target` holds the label; every other column is a
 * feature, unless `features` selects some. Rows with a missing value, and duplicates, are left out and
 * counted in `remarks`.
 *
 * @param source the file's name, for error messages
 * @throws DatasetError listing all faults, each with line, column, text found and text expected
 */
export function parseDataset(
  text: string,
  { source, target = targetColumn, ...options }: DatasetOptions & { source: string },
): ParsedDataset {
  const { header, lines, delimiter } = readTable(text, source);
  const columns = parseHeader(header, { target, ...options }, source);
  if (lines.length === 0)
    throw new DatasetError(source, ['expected rows after the header, but there are none']);
  const rows = parseRows(lines, { columns, width: header.cells.length, source });
  const parsed = parseLabels(rows.labelCells, { positive: options.positive, column: target, source });
  const matrix = createMatrix(Float64Array.from(rows.values), columns.features.length);
  const cleaned = cleanRows({ features: matrix, labels: parsed.labels }, options.duplicates ?? 'drop');
  const constant = findConstantColumns(cleaned.features).map((j) => columns.features[j].name);
  if (constant.length === columns.features.length) {
    throw new DatasetError(source, ['every feature is constant, so no model can be fitted']);
  }
  return {
    featureNames: columns.features.map(({ name }) => name),
    units: columns.features.map(({ unit }) => unit),
    features: cleaned.features,
    labels: cleaned.labels,
    classNames: parsed.classNames,
    remarks: [
      ...layoutRemarks(columns, delimiter),
      ...rows.remarks,
      ...parsed.remarks,
      ...cleaned.remarks,
      ...constant.map(
        (name) =>
          `"${name}" has the same value in every row: it is kept, but cannot help to predict the label`,
      ),
    ],
  };
}

function layoutRemarks({ ignored }: Columns, delimiter: string): string[] {
  const names = ignored.map(({ name }) => `"${name}"`).join(', ');
  return [
    ...(delimiter === ',' ? [] : [`the delimiter is ${delimiter === ';' ? 'a semicolon' : 'a tab'}`]),
    ...(ignored.length === 0 ? [] : [`columns not selected as features are left out: ${names}`]),
  ];
}

export type Duplicates = 'drop' | 'keep';

/**
 * Removes duplicates (rows with the values and the label of an earlier row), because a row in both the
 * training and the test set would inflate the metrics. Remarks on duplicates, and on equal values with
 * different labels.
 */
export function cleanRows(
  { features, labels }: LabeledRows,
  duplicates: Duplicates,
): LabeledRows & { readonly remarks: readonly string[] } {
  const labelsOf = new Map<string, Set<number>>();
  const distinct: number[] = [];
  for (let i = 0; i < features.rows; i++) {
    const key = rowOf(features, i).join();
    const seen = labelsOf.get(key) ?? new Set();
    if (!seen.has(labels[i])) distinct.push(i);
    labelsOf.set(key, seen.add(labels[i]));
  }
  const repeated = features.rows - distinct.length;
  const contradictions = [...labelsOf.values()].filter(({ size }) => size > 1).length;
  const remarks: string[] = [];
  if (repeated > 0) {
    const what = duplicates === 'drop' ? 'are left out' : 'are kept: the metrics may be too high';
    remarks.push(`${count(repeated, 'row')} with the values and label of an earlier row ${what}`);
  }
  if (contradictions > 0) {
    remarks.push(`${count(contradictions, 'set')} of equal values with both labels: all rows are kept`);
  }
  if (repeated === 0 || duplicates === 'keep') return { features, labels, remarks };
  return { ...selectLabeled({ features, labels }, distinct), remarks };
}

/** Indices of the columns with a single value. */
function findConstantColumns({ columns, values }: Matrix): number[] {
  return Array.from({ length: columns }, (_, j) => j).filter((j) => {
    for (let i = j; i < values.length; i += columns) if (values[i] !== values[j]) return false;
    return true;
  });
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
