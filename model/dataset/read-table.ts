import { CsvError, parse } from 'csv-parse/sync';
import { DatasetError } from './dataset.ts';

/** A CSV record and the line it ends on, counted from 1. */
export interface Line {
  readonly number: number;
  readonly cells: readonly string[];
}

export interface Table {
  readonly header: Line;
  readonly lines: readonly Line[];
  readonly delimiter: string;
}

const delimiters = [',', ';', '\t'];

/**
 * Parses a CSV file. The delimiter is a comma, or a semicolon or tab where the header has more of them.
 * Spaces around cells, empty lines and a byte order mark are ignored.
 *
 * @throws DatasetError when quotes do not match or there is no header
 */
export function readTable(text: string, source: string): Table {
  const delimiter = chooseDelimiter(text);
  const lines: Line[] = [];
  try {
    parse(text, {
      bom: true,
      delimiter,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      on_record: (cells: string[], { lines: number }) => {
        lines.push({ number, cells });
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new DatasetError(source, [`line ${error.lines}: ${error.message}`], { cause: error });
  }
  const [header, ...rows] = lines;
  if (!header) throw new DatasetError(source, ['the file is empty: expected a header and rows']);
  return { header, lines: rows, delimiter };
}

function chooseDelimiter(text: string): string {
  const first = /\S[^\r\n]*/.exec(text)?.[0].replaceAll(/"[^"]*"/g, '') ?? '';
  const counts = delimiters.map((delimiter) => first.split(delimiter).length);
  return delimiters[counts.indexOf(Math.max(...counts))];
}

export const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

const missingMarks = new Set(['', 'na', 'n/a', 'nan', 'null', '?']);

/** Whether the cell is one of the usual marks of a missing value. */
export function isMissing(cell: string): boolean {
  return missingMarks.has(cell.toLowerCase());
}

/** NaN for anything but a decimal number within float64. */
export function parseNumber(cell: string): number {
  const value = decimal.test(cell) ? Number(cell) : Number.NaN;
  return Number.isFinite(value) ? value : Number.NaN;
}
