import { isKnownUnit } from './headings.ts';
import { areNames, areUnits, fitsWidth, isComment, isRule, isValue, toBareUnit } from './line-kinds.ts';
import { isBlank, splitLines, splitTextLines } from './lines.ts';

/** A table cannot be read. The message says what to do, and names the line where there is one. */
export class TableError extends Error {
  readonly line: number | undefined;
  constructor(message: string, line?: number) {
    super(message);
    this.name = 'TableError';
    this.line = line;
  }
}

/** The shape of a CSV file: where its header is, and what surrounds its rows. Lines count from 1. */
export interface Frame {
  delimiter: string;
  /** The line of the header; for a file without one, the line before the first row. */
  headerLine: number;
  /** The text of the header; empty without one. */
  headerText: string;
  /** The cells of the header; `column_1` and so on without one. */
  headings: readonly string[];
  /** Of a row of units below the header; empty without one. */
  units: readonly string[];
  /** Lines below the header that hold units, processing or rules instead of values. */
  linesOfUnits: ReadonlySet<number>;
  /** Lines above the header that were skipped, without blank ones. */
  preamble: readonly SampleLine[];
  /** Rows of the sample with as many cells as the header. */
  rows: readonly (readonly string[])[];
}

export interface FrameOptions {
  /** Empty: detected. */
  delimiter?: string;
  /** Default: true. */
  hasHeader?: boolean;
  /** Whether a heading is one that is looked for, so that its line is the header. */
  isWanted?: (heading: string) => boolean;
}

export interface SampleLine {
  line: number;
  text: string;
}

const delimiters = [',', ';', '\t', '|'];
/** How many lines at the start of a file decide about delimiter and header. */
const maxFrameLines = 300;
/** More lines decide about formats, which may be ambiguous in the first ones. */
const maxSampleRows = 5000;

/** Finds the header and the delimiter by the first lines of a file. @throws TableError */
export function findFrame(sample: string, options: FrameOptions = {}): Frame {
  const lines = splitTextLines(sample.replace(/^\ufeff/, ''))
    .map((text, index) => ({ line: index + 1, text }))
    .filter(({ text }) => !isBlank(text));
  const [, mark] = /^sep=(.)$/i.exec(lines[0]?.text.trim() ?? '') ?? [];
  const below = mark === undefined ? lines : lines.slice(1);
  if (below.length === 0)
    throw new TableError('is empty; expected a CSV file of readings with the column names on its first line');
  const given = options.delimiter || mark;
  const shapes = (given ? [given] : delimiters).map((delimiter) => toShape(below, delimiter, options));
  const shape = shapes.toSorted(compareShapes)[0];
  if (shape === undefined) throw new TableError('is empty');
  return toFrame(below, shape, { ...options, skipped: mark === undefined ? 0 : 1 });
}

interface Shape {
  delimiter: string;
  /** The lines that decide, with their cells; comments are left out. */
  split: readonly { line: SampleLine; cells: readonly string[] }[];
  /** The index of the header in `split`; -1: there is none. */
  header: number;
  /** Empty without a header. */
  headings: readonly string[];
  width: number;
  /** How many of its headings are wanted. */
  wanted: number;
  /** The share of rows that are as wide as the header. */
  consistency: number;
}

function toShape(lines: readonly SampleLine[], delimiter: string, options: FrameOptions): Shape {
  const some = lines.slice(0, maxFrameLines).filter(({ text }) => !isComment(text) && !isRule(text));
  const split = splitLines(
    some.map(({ text }) => text),
    delimiter,
  ).map((cells, index) => ({
    line: some[index] ?? { line: 0, text: '' },
    cells: 'fault' in cells ? [] : cells,
  }));
  const header =
    options.hasHeader === false
      ? -1
      : findHeader(
          split.map(({ cells }) => cells),
          options,
        );
  const found = split[header];
  const rows = split.slice(header + 1);
  const headings = found
    ? withRowNames(
        toHeadings(found.cells),
        rows.map(({ cells }) => cells),
      )
    : [];
  const width = found ? headings.length : findUsualWidth(split.map(({ cells }) => cells));
  const fitting = rows.filter(({ cells }) => fitsWidth(cells, width)).length;
  const wanted = found?.cells.filter((cell) => options.isWanted?.(cell)).length ?? 0;
  return {
    delimiter,
    split,
    header,
    headings,
    width,
    wanted,
    consistency: rows.length === 0 ? 1 : fitting / rows.length,
  };
}

function compareShapes(a: Shape, b: Shape): number {
  const hasHeader = ({ header, consistency }: Shape) => Number(header >= 0 && consistency >= 0.5);
  const cellsThatFit = ({ consistency, width }: Shape) => consistency * width;
  return (
    b.wanted - a.wanted ||
    hasHeader(b) - hasHeader(a) ||
    cellsThatFit(b) - cellsThatFit(a) ||
    b.width - a.width
  );
}

/** The first line with wanted names; else the last line of names above the first line of values. */
function findHeader(rows: readonly (readonly string[])[], { isWanted = () => false }: FrameOptions): number {
  const width = findUsualWidth(rows);
  // A title may be the name of a column, too.
  const wanted = rows.findIndex((cells) => {
    const count = cells.filter(isWanted).length;
    return count > 1 || (count === 1 && !cells.some(isValue) && (cells.length > 1 || width === 1));
  });
  if (wanted >= 0) return wanted;
  const isRow = (cells: readonly string[]) =>
    cells.length === width && cells.some(isValue) && !areNames(cells);
  // Settings above the header are values, too, but names follow them.
  const firstValues = rows.findIndex((cells, index) => {
    const next = rows[index + 1] ?? [];
    const isRepeated = rows.slice(0, index).some((above) => above.join() === next.join());
    return isRow(cells) && (isRepeated || next.length !== width || !areNames(next));
  });
  const values = rows[firstValues];
  if (values === undefined) return rows.findIndex(areNames);
  return rows
    .slice(0, firstValues)
    .findLastIndex(
      (cells) =>
        (fitsWidth(values, toHeadings(cells).length) || cells.length === values.length - 1) &&
        areNames(cells) &&
        !areUnits(cells),
    );
}

/** Without the empty cell behind a delimiter at the end. */
function toHeadings(cells: readonly string[]): readonly string[] {
  return cells.length > 1 && cells.at(-1) === '' ? cells.slice(0, -1) : cells;
}

/** R writes the names of rows in a first column without a heading, not even an empty one. */
function withRowNames(headings: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const longer = rows.filter((cells) => cells.length === headings.length + 1 && cells.at(-1) !== '');
  return longer.length * 2 > rows.length ? ['', ...headings] : headings;
}

/** The width of most lines that the delimiter splits; of equally frequent ones, the widest. */
function findUsualWidth(rows: readonly (readonly string[])[]): number {
  const counts = new Map<number, number>();
  for (const { length } of rows) if (length > 1) counts.set(length, (counts.get(length) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0] ?? 1;
}

interface Surroundings extends FrameOptions {
  /** Lines above that are no part of the table. */
  skipped: number;
}

function toFrame(lines: readonly SampleLine[], shape: Shape, options: Surroundings): Frame {
  const { delimiter, split, header, width } = shape;
  const found = options.hasHeader === false ? undefined : (split[header] ?? findCommentHeader(lines, shape));
  if (found === undefined && options.hasHeader !== false) throw new TableError(...toNoHeader(lines, shape));
  const firstRow = split.find(({ cells }) => fitsWidth(cells, width) && cells.some(isValue));
  const headerLine = found?.line.line ?? (firstRow?.line.line ?? 1) - 1;
  const names = found === split[header] ? shape.headings : toHeadings(found?.cells ?? []);
  const headings = found ? names : Array.from({ length: width }, (_, index) => `column_${index + 1}`);
  const rest = lines
    .filter(({ line, text }) => line > headerLine && !isComment(text))
    .slice(0, maxSampleRows);
  const cells = splitLines(
    rest.map(({ text }) => text),
    delimiter,
  );
  const rows = rest.flatMap(({ line, text }, index) => {
    const row = cells[index];
    return Array.isArray(row) && fitsWidth(row, headings.length) && text !== found?.line.text
      ? [{ line, row }]
      : [];
  });
  const below = rest.slice(0, 3).filter(({ text }) => isRule(text));
  const leading = rows.slice(
    0,
    rows.findIndex(({ row }) => !areUnits(row)),
  );
  const isOfUnits = ({ row }: { row: readonly string[] }) =>
    row.some((cell) => isKnownUnit(toBareUnit(cell)));
  return {
    delimiter,
    headerLine,
    headerText: found?.line.text ?? '',
    headings,
    units: leading.find(isOfUnits)?.row.map(toBareUnit) ?? [],
    linesOfUnits: new Set([...leading, ...below].map(({ line }) => line)),
    preamble: lines.filter(({ line }) => line < headerLine),
    rows: rows.slice(leading.length).map(({ row }) => row),
  };
}

/** NumPy writes the names of columns behind `#`. */
function findCommentHeader(
  lines: readonly SampleLine[],
  { split, delimiter, width }: Shape,
): Shape['split'][number] | undefined {
  const firstRow = split[0]?.line.line ?? 0;
  const line = lines.findLast((one) => one.line < firstRow && isComment(one.text));
  if (line === undefined) return undefined;
  const [cells] = splitLines([line.text.replace(/^(?:#|\/\/)\s*/, '') || '-'], delimiter);
  return Array.isArray(cells) && cells.length === width && areNames(cells) ? { line, cells } : undefined;
}

function toNoHeader(
  [top]: readonly SampleLine[],
  { split, width, delimiter }: Shape,
): [message: string, line?: number] {
  const [cells] = top ? splitLines([top.text], delimiter) : [];
  if (cells && 'fault' in cells) return [`: ${cells.fault}; expected the column names`, top?.line];
  const first = split.find(({ cells }) => fitsWidth(cells, width) && cells.some(isValue));
  if (first === undefined) return ['has no line of column names; expected a header above the rows'];
  return [
    `has no header: ${JSON.stringify(first.line.text.slice(0, 60))} is a row of values; --no-header names the columns column_1 to column_${width}`,
    first.line.line,
  ];
}
