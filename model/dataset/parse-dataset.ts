import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createMatrix, type Matrix, rowOf, selectRows } from '../matrix.ts';
import { DatasetError, type ParsedDataset, targetColumn } from './dataset.ts';
import { type ColumnOptions, type Columns, parseHeader } from './parse-header.ts';
import { parseLabels } from './parse-labels.ts';
import { parseRows } from './parse-rows.ts';
import { readTable } from './read-table.ts';

/** A dataset from a file, with the SHA-256 of the file's bytes. */
export interface LoadedDataset extends ParsedDataset {
  readonly sha256: string;
}

/** @throws DatasetError when the file cannot be read or used */
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
    throw new DatasetError(path, ['is not text in UTF-8: save it anew in that encoding'], { cause });
  }
}

export interface DatasetOptions extends Partial<ColumnOptions> {
  /** The class that is label 1, where the labels are not 0 and 1. */
  readonly positive?: string | undefined;
  /** Whether a repeated row is kept; dropped when left out. */
  readonly duplicates?: Duplicates | undefined;
}

/**
 * Reads labeled rows from CSV: a header, the label column `target`, and every other column a feature, or those that
 * are asked for. Rows that lack a value or repeat another are left out; `remarks` tells of it.
 *
 * @param source the file's name, for the messages
 * @throws DatasetError naming line, column, the text found and what was expected; all faults at once
 */
export function parseDataset(
  text: string,
  { source, target = targetColumn, ...options }: DatasetOptions & { source: string },
): ParsedDataset {
  const { header, lines, delimiter } = readTable(text, source);
  const { columns, faults } = parseHeader(header, { target, ...options });
  if (!columns) throw new DatasetError(source, faults);
  if (lines.length === 0) throw new DatasetError(source, ['expected rows after the header, found none']);

  const rows = parseRows(lines, { columns, width: header.cells.length });
  if (rows.faults.length > 0) throw new DatasetError(source, rows.faults);
  const { parsed, fault } = parseLabels(rows.labelCells, options.positive);
  if (!parsed) throw new DatasetError(source, [`column "${target}": ${fault}`]);

  const matrix = createMatrix(Float64Array.from(rows.values), columns.features.length);
  const cleaned = cleanRows({ features: matrix, labels: parsed.labels }, options.duplicates ?? 'drop');
  const constant = findConstantColumns(cleaned.features).map((j) => columns.features[j].name);
  if (constant.length === columns.features.length) {
    throw new DatasetError(source, ['every feature is constant: there is nothing to learn from']);
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
        (name) => `"${name}" is the same in every row: it is kept, but tells the labels nothing`,
      ),
    ],
  };
}

function layoutRemarks({ ignored }: Columns, delimiter: string): string[] {
  const names = ignored.map(({ name }) => `"${name}"`).join(', ');
  return [
    ...(delimiter === ',' ? [] : [`cells are separated by ${delimiter === ';' ? 'semicolons' : 'tabs'}`]),
    ...(ignored.length === 0 ? [] : [`columns that were not asked for are left out: ${names}`]),
  ];
}

export type Duplicates = 'drop' | 'keep';

interface Labeled {
  readonly features: Matrix;
  readonly labels: Uint8Array;
}

/**
 * Leaves repeated rows (same values, same label) out but for the first, because one that is learned from and tested on
 * would flatter the figures. Tells of rows that contradict each other.
 */
export function cleanRows(
  { features, labels }: Labeled,
  duplicates: Duplicates,
): Labeled & { readonly remarks: readonly string[] } {
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
    const what = duplicates === 'drop' ? 'are left out' : 'are kept, as asked: the figures may flatter';
    remarks.push(`${count(repeated, 'row')} with the values and the label of an earlier one ${what}`);
  }
  if (contradictions > 0) {
    remarks.push(`${count(contradictions, 'set')} of values stand in rows of both labels: these are kept`);
  }
  if (repeated === 0 || duplicates === 'keep') return { features, labels, remarks };
  return {
    features: selectRows(features, distinct),
    labels: Uint8Array.from(distinct, (row) => labels[row]),
    remarks,
  };
}

/** Indices of columns that have one value only. */
function findConstantColumns({ columns, values }: Matrix): number[] {
  return Array.from({ length: columns }, (_, j) => j).filter((j) => {
    for (let i = j; i < values.length; i += columns) if (values[i] !== values[j]) return false;
    return true;
  });
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
