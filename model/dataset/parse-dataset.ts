import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createMatrix, type Matrix, rowOf } from '../matrix.ts';
import { decodeText, detectEncoding, isUtf8Name } from '../table/encoding.ts';
import { parseLabel } from '../table/labels.ts';
import { toShortList } from '../table/messages.ts';
import { type DecimalMark, describeDoubt } from '../table/numbers.ts';
import {
  DatasetError,
  type LabeledRows,
  type ParsedDataset,
  selectLabeled,
  targetColumn,
} from './dataset.ts';
import { type Column, type ColumnOptions, type Columns, parseHeader } from './parse-header.ts';
import { parseLabels } from './parse-labels.ts';
import { isMissing, type Line, parseCell, readTable, type Table } from './read-table.ts';

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
  const encoding = detectEncoding(bytes);
  const dataset = parseDataset(decodeText(bytes, encoding), { ...options, source: path });
  const remarks = isUtf8Name(encoding)
    ? dataset.remarks
    : [`the file is read as ${encoding}`, ...dataset.remarks];
  return { ...dataset, remarks, sha256: createHash('sha256').update(bytes).digest('hex') };
}

export interface DatasetOptions extends Partial<ColumnOptions> {
  /** The class that becomes label 1, where the labels are not 0 and 1. */
  readonly positive?: string | undefined;
  /** What begins the decimals of numbers; by default found for each column. */
  readonly decimal?: DecimalMark | undefined;
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
  { source, target = targetColumn, decimal, ...options }: DatasetOptions & { source: string },
): ParsedDataset {
  const table = readTable(text, source, { wanted: target, decimal });
  const doubt = describeDoubt(table.numberFormat, table.frame.delimiter);
  if (doubt !== undefined) throw new DatasetError(source, [`the file ${doubt}`]);
  const columns = parseHeader(table, { target, ...options }, source);
  if (table.lines.length === 0)
    throw new DatasetError(source, ['expected rows after the header, but there are none']);
  const rows = parseRows(table, columns, source);
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
      ...layoutRemarks(columns, table),
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

interface ParsedRows {
  /** Row-major; complete rows only. */
  readonly values: readonly number[];
  /** One per complete row. */
  readonly labelCells: readonly string[];
  readonly remarks: readonly string[];
}

/**
 * Parses the feature values and reads the label cell of every row without a missing value.
 *
 * @throws DatasetError listing all faults
 */
function parseRows(
  { lines, header, decimals }: Table,
  { target, features }: Columns,
  source: string,
): ParsedRows {
  const width = header.cells.length;
  const toValue = ({ cells }: Line, { index, unit }: Column) =>
    parseCell(cells[index] ?? '', decimals[index], unit);
  const isText = (line: Line, column: Column) =>
    !isMissing(line.cells[column.index] ?? '') && Number.isNaN(toValue(line, column));
  const faults = columnFaults(lines, { target, features, isText });
  if (faults.length > 0) throw new DatasetError(source, faults);
  const values: number[] = [];
  const labelCells: string[] = [];
  const lacking = new Map<string, number>();
  for (const line of lines) {
    if (line.cells.length !== width) {
      faults.push(`line ${line.number}: ${line.cells.length} cells, expected ${width} as in the header`);
      continue;
    }
    faults.push(
      ...features.filter((column) => isText(line, column)).map((column) => textFault(line, column)),
    );
    // `bad` is a label, too.
    const isNone = (column: Column) =>
      isMissing(line.cells[column.index]) &&
      (column !== target || parseLabel(line.cells[column.index]) === undefined);
    const missing = [target, ...features].filter(isNone);
    for (const { name } of missing) lacking.set(name, (lacking.get(name) ?? 0) + 1);
    if (missing.length > 0) continue;
    values.push(...features.map((column) => toValue(line, column)));
    labelCells.push(line.cells[target.index]);
  }
  if (faults.length === 0 && labelCells.length === 0) faults.push('every row has a missing value');
  if (faults.length > 0) throw new DatasetError(source, faults);
  const left = lines.length - labelCells.length;
  const where = [...lacking].map(([name, count]) => `"${name}" ${count}`).join(', ');
  const remarks =
    left > 0 ? [`${left} of ${lines.length} rows have a missing value and are left out: ${where}`] : [];
  return { values, labelCells, remarks };
}

/** Reports a column without any usable cell once, instead of once per line. */
function columnFaults(
  lines: readonly Line[],
  { target, features, isText }: Pick<Columns, 'target' | 'features'> & { isText: IsText },
): string[] {
  if (lines.length < 2) return [];
  return [target, ...features].flatMap((column) => {
    const filled = lines.filter(({ cells }) => !isMissing(cells[column.index] ?? ''));
    if (filled.length === 0) return [`column "${column.name}" is empty in every row`];
    if (column === target || !filled.every((line) => isText(line, column))) return [];
    const [{ number, cells }] = filled;
    const found = `line ${number}: "${cells[column.index]}"`;
    return [`column "${column.name}" has no numbers (${found}): leave it out by naming the other features`];
  });
}

/** Whether a cell is neither a number nor missing. */
type IsText = (line: Line, column: Column) => boolean;

function textFault({ number, cells }: Line, { name, index }: Column): string {
  return `line ${number}, column "${name}": "${cells[index]}", expected a number`;
}

const delimiterNames = new Map([
  [';', 'a semicolon'],
  ['\t', 'a tab'],
  ['|', 'a vertical bar'],
]);

function layoutRemarks({ ignored }: Columns, { frame, numberFormat, summaries }: Table): string[] {
  const { delimiter, preamble, headerLine, linesOfUnits } = frame;
  const names = toShortList(ignored.map(({ name, reason }) => `"${name}" (${reason})`));
  return [
    ...(preamble.length > 0 ? [`lines above the header in line ${headerLine} are left out`] : []),
    ...(linesOfUnits.size > 0 ? ['the row of units below the header is left out'] : []),
    ...(summaries > 0
      ? [`${count(summaries, 'line')} of totals below the rows ${summaries === 1 ? 'is' : 'are'} left out`]
      : []),
    ...(delimiter === ',' ? [] : [`the delimiter is ${delimiterNames.get(delimiter)}`]),
    ...(numberFormat.decimal === ',' ? ['decimals begin with a comma'] : []),
    ...(numberFormat.ambiguous === undefined
      ? []
      : [`"${numberFormat.ambiguous}" could also be another number; --decimal point or comma says which`]),
    ...(ignored.length === 0 ? [] : [`columns that are no features are left out: ${names}`]),
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
