import { type FeatureName, featureNames, isExportHeader } from '@sensor-sentinel/contracts';
import { FileFault } from './file-state.ts';
import { splitLines, splitTextLines } from './lines.ts';

export const columns = [...featureNames, 'sensor_id', 'timestamp'] as const;
export type Column = FeatureName | 'sensor_id' | 'timestamp';
/** The names of columns that the file calls differently. */
export type ColumnNames = Readonly<Partial<Record<Column, string>>>;

/** What the header and the first rows say about the format of the file. */
export interface Layout {
  delimiter: string;
  hasDecimalComma: boolean;
  width: number;
  positions: ReadonlyMap<string, number>;
  names: ColumnNames;
  label: { name: string; position: number } | undefined;
  /** Whether `GET /readings` wrote the file: it puts apostrophes before what spreadsheets take for formulas. */
  isExport: boolean;
  ignored: readonly string[];
  /** The line of the header, counted from 1. */
  headerLine: number;
}

export interface LayoutOptions {
  /** The name in messages. */
  file: string;
  columnNames: ColumnNames;
  /** Empty: detected. */
  delimiter: string;
  /** Empty: detected. */
  labelColumn: string;
  needsTimestamp: boolean;
}

const delimiters = [',', ';', '\t', '|'];
const labelNames = ['target', 'label', 'anomaly'];

/** Detects the layout from the first lines of a file: its header and some rows. @throws FileFault */
export function findLayout(sample: string, options: LayoutOptions): Layout {
  const lines = splitTextLines(sample.replace(/^\ufeff/, ''));
  const headerIndex = lines.findIndex((line) => line.trim() !== '');
  const header = lines[headerIndex];
  if (header === undefined) {
    throw new FileFault(
      `${options.file} is empty; expected a CSV file of readings with the column names on its first line`,
    );
  }
  const delimiter = options.delimiter || detectDelimiter(header);
  const [cells] = splitLines([header], delimiter);
  if (cells === undefined || 'fault' in cells) {
    throw new FileFault(`${options.file}:${headerIndex + 1}: ${cells?.fault}; expected the column names`);
  }
  const names = cells.map((cell) => cell.trim());
  const below = lines.slice(headerIndex + 1).filter((line) => line.trim() !== '');
  const rows = splitLines(below, delimiter).filter((row) => Array.isArray(row));
  const positions = findPositions(names, { ...options, where: `${options.file}:${headerIndex + 1}` });
  const label = findLabel(names, rows, options);
  const used = new Set([...positions.values(), label?.position]);
  return {
    delimiter,
    positions,
    label,
    names: options.columnNames,
    width: names.length,
    isExport: isExportHeader(names),
    hasDecimalComma: delimiter !== ',' && detectDecimalComma(rows, positions),
    ignored: names.filter((_, position) => !used.has(position)),
    headerLine: headerIndex + 1,
  };
}

/** The one that splits the header into the most names; quoted text does not count. */
function detectDelimiter(header: string): string {
  const bare = header.replace(/"[^"]*"/g, '');
  const counts = delimiters.map((delimiter) => bare.split(delimiter).length);
  return delimiters[counts.indexOf(Math.max(...counts))] ?? ',';
}

function findPositions(names: readonly string[], options: LayoutOptions & { where: string }) {
  const nameOf = (column: Column) => options.columnNames[column] ?? column;
  const required: Column[] = [...featureNames, ...(options.needsTimestamp ? ['timestamp' as const] : [])];
  const missing = [
    ...required,
    ...columns.filter((column) => options.columnNames[column] !== undefined && !required.includes(column)),
  ].filter((column) => !names.includes(nameOf(column)));
  const present = columns.filter((column) => names.includes(nameOf(column)));
  const repeated = present.filter(
    (column) => names.indexOf(nameOf(column)) !== names.lastIndexOf(nameOf(column)),
  );
  if (missing.length > 0 || repeated.length > 0) {
    const faults = [
      ...missing.map((column) => `no column ${nameOf(column)}`),
      ...repeated.map((column) => `${nameOf(column)} twice`),
    ];
    throw new FileFault(
      `${options.where} has ${faults.join(', ')}; expected the columns ${required.map(nameOf).join(', ')}; ` +
        `found ${quoteAll(names)}; --columns "temperature=…" maps a column`,
    );
  }
  return new Map(present.map((column) => [column as string, names.indexOf(nameOf(column))]));
}

function findLabel(
  names: readonly string[],
  rows: readonly (readonly string[])[],
  { labelColumn, file }: LayoutOptions,
): Layout['label'] {
  if (labelColumn !== '') {
    const position = names.indexOf(labelColumn);
    if (position < 0)
      throw new FileFault(`${file} has no label column ${labelColumn}; found ${quoteAll(names)}`);
    return { name: labelColumn, position };
  }
  const holdsLabels = (position: number) =>
    rows.length > 0 && rows.every((row) => /^\s*[01]\s*$/.test(row[position] ?? ''));
  const name = labelNames.find((one) => names.includes(one) && holdsLabels(names.indexOf(one)));
  return name === undefined ? undefined : { name, position: names.indexOf(name) };
}

/** Whether at least one number of the first rows has a decimal comma, and none a decimal point. */
function detectDecimalComma(
  rows: readonly (readonly string[])[],
  positions: ReadonlyMap<string, number>,
): boolean {
  const texts = rows.flatMap((row) => featureNames.map((name) => row[positions.get(name) ?? -1] ?? ''));
  return texts.some((text) => /\d,\d/.test(text)) && !texts.some((text) => /\d\.\d/.test(text));
}

function quoteAll(names: readonly string[]): string {
  return names.map((name) => JSON.stringify(name.slice(0, 40))).join(', ');
}
