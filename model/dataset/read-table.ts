import { CsvError, parse } from 'csv-parse/sync';
import { type Frame, findFrame, TableError } from '../table/frame.ts';
import { isNamed, normalizeUnit, parseHeading } from '../table/headings.ts';
import { isComment, isSummary } from '../table/line-kinds.ts';
import {
  createMissingTest,
  type DecimalMark,
  detectNumberFormat,
  type NumberFormat,
  parseNumber,
  splitUnit,
} from '../table/numbers.ts';
import { DatasetError } from './dataset.ts';

/** A CSV record and the line it ends on, counted from 1. */
export interface Line {
  readonly number: number;
  readonly cells: readonly string[];
}

export interface Table {
  readonly header: Line;
  readonly lines: readonly Line[];
  readonly frame: Frame;
  /** Of the cells of all lines. */
  readonly numberFormat: NumberFormat;
  /** How many lines of totals or the like there are below the rows. */
  readonly summaries: number;
  /** Of each column, which may have another one than most. */
  readonly decimals: readonly DecimalMark[];
}

/** How much of a file decides about its layout. */
const sampleLength = 256 * 1024;

export interface TableOptions {
  /** The name of a column, so that its line is the header. */
  readonly wanted?: string | undefined;
  /** By default found for each column. */
  readonly decimal?: DecimalMark | undefined;
}

/**
 * Parses a CSV file. Header, delimiter and decimal mark are found as the sender finds them; lines above the header, comments, units
 * below it and totals below the rows are left out.
 *
 * @throws DatasetError when quotes do not match or there is no header
 */
export function readTable(text: string, source: string, { wanted = '', decimal }: TableOptions = {}): Table {
  const frame = findTableFrame(text, source, wanted);
  const { headerLine, linesOfUnits, headings } = frame;
  const lines: Line[] = [];
  try {
    parse(text, {
      bom: true,
      delimiter: frame.delimiter,
      from_line: headerLine + 1,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      on_record: (cells: string[], { lines: number }) => {
        const isRepeated = cells.every((cell, index) => cell === (headings[index] ?? ''));
        if (!linesOfUnits.has(number) && !isComment(cells.slice(0, 2).join()) && !isRepeated)
          lines.push({ number, cells: toWidth(cells, headings.length) });
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new DatasetError(source, [`line ${error.lines}: ${error.message}`], { cause: error });
  }
  const summaries = takeSummaries(lines);
  const first = lines.slice(0, maxFormatLines);
  const cells = first.flatMap((line) => line.cells);
  const numberFormat = decimal
    ? { decimal, ambiguous: undefined, isProven: true }
    : detectNumberFormat(cells, frame.delimiter);
  const decimals = headings.map((_, index) => {
    const column = first.map((line) => line.cells[index] ?? '');
    return decimal ?? detectNumberFormat(column, frame.delimiter, numberFormat.decimal).decimal;
  });
  const header = { number: headerLine, cells: headings };
  return { header, lines, summaries, frame, numberFormat, decimals };
}

const maxFormatLines = 5000;

/** Removes lines at the end that begin with a word like `Total`, unless it is the name of something else. */
function takeSummaries(lines: Line[]): number {
  const word = lines.at(-1)?.cells[0] ?? '';
  if (!isSummary(word) || lines.filter(({ cells }) => cells[0] === word).length > 1) return 0;
  lines.pop();
  return 1 + takeSummaries(lines);
}

function findTableFrame(text: string, source: string, wanted: string): Frame {
  const end = text.lastIndexOf('\n', sampleLength);
  const sample = text.length > sampleLength && end > 0 ? text.slice(0, end + 1) : text;
  try {
    return findFrame(sample, { isWanted: (heading) => isNamed(parseHeading(heading), wanted) });
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
    const where = error.line === undefined ? 'the file ' : `line ${error.line}: the file `;
    throw new DatasetError(source, [`${where}${error.message}`], { cause: error });
  }
}

/** Without the empty cell behind a delimiter at the end. */
function toWidth(cells: readonly string[], width: number): readonly string[] {
  return cells.length === width + 1 && cells[width] === '' ? cells.slice(0, width) : cells;
}

/** Whether the cell is one of the usual marks of a missing value. */
export const { isMissing } = createMissingTest();

/** The number of a cell, which may repeat the unit of its column; NaN for anything else. */
export function parseCell(cell: string, decimal: DecimalMark | undefined, columnUnit = ''): number {
  const value = parseNumber(cell, decimal);
  if (!Number.isNaN(value) || columnUnit === '') return value;
  const { number, unit } = splitUnit(cell);
  return normalizeUnit(unit) === normalizeUnit(columnUnit) ? parseNumber(number, decimal) : value;
}
