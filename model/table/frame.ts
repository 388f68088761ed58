import { isKnownUnit } from './headings.ts';
import {
  areNames,
  areUnits,
  fitsWidth,
  isComment,
  isName,
  isRule,
  isUnitsBelow,
  isValue,
  toBareUnit,
} from './line-kinds.ts';
import { isBlank, splitLines, splitTextLines } from './lines.ts';
import {
  compareShapes,
  type FrameOptions,
  findUsualWidth,
  type SampleLine,
  type Shape,
  toHeadings,
  toShape,
} from './shape.ts';

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
  /** Whether the rows have a first cell without a heading, so that the first heading is empty. */
  hasRowNames: boolean;
  /** Of a row of units below the header; empty without one. */
  units: readonly string[];
  /** Lines below the header that hold units, processing or rules instead of values. */
  linesOfUnits: ReadonlySet<number>;
  /** Lines above the header that were skipped, without blank ones. */
  preamble: readonly SampleLine[];
  /** Rows of the sample with as many cells as the header. */
  rows: readonly (readonly string[])[];
}

const delimiters = [',', ';', '\t', '|'];
/** More lines decide about formats, which may be ambiguous in the first ones. */
const maxSampleRows = 5000;

/** Finds the header and the delimiter by the first lines of a file. @throws TableError */
export function findFrame(sample: string, options: FrameOptions = {}): Frame {
  const lines = splitTextLines(sample.replace(/^\ufeff/, ''))
    .map((text, index) => ({ line: index + 1, text }))
    .filter(({ text }) => !isBlank(text));
  const [, mark = ''] = /^sep=(.)$/i.exec(lines[0]?.text.trim() ?? '') ?? [];
  const below = mark === '' ? lines : lines.slice(1);
  const [first] = below;
  if (first === undefined)
    throw new TableError('is empty; expected a CSV file of readings with the column names on its first line');
  if (/^(?:\{\s*"|\[\s*[[{]|\[\s*-?[\d.]+\s*,[^\][]*\]?$|[[{]$)/.test(first.text.trim()))
    throw new TableError('holds JSON; save it as CSV');
  if (/^<(?:!doctype|html|\?xml)\b/i.test(first.text.trim()))
    throw new TableError('holds a web page or XML; save the table as CSV');
  const tried = options.delimiter ? [options.delimiter] : new Set([...delimiters, mark || ',']);
  const shapes = [...tried].map((delimiter) => toShape(below, delimiter, options));
  // A program may have written another delimiter than its mark says.
  const marked = shapes.find(
    ({ delimiter, width, consistency }) => delimiter === mark && width * consistency > 1,
  );
  const shape = marked ?? shapes.toSorted(compareShapes)[0];
  if (shape === undefined) throw new TableError('is empty');
  requireWidth(shape, shapes);
  return toFrame(below, shape, options);
}

/** @throws TableError if no row is as wide as the header, or each line is one quoted cell */
function requireWidth(shape: Shape, shapes: readonly Shape[]): void {
  const { header, width, consistency } = shape;
  const top = shape.split[header]?.line;
  if (top === undefined || (width > 1 && consistency > 0)) return;
  const isQuotedLine = /^"(?=.*[\p{L}:]).*[,;\t|].*"$/u;
  const rows = shape.split.slice(header + 1);
  if (width === 1 && rows.some(({ line }) => isQuotedLine.test(line.text)) && isQuotedLine.test(top.text))
    throw new TableError('has whole lines in quotes; remove the quotes at both ends of each line', top.line);
  for (const { split } of width > 1 ? [shape] : shapes) {
    const headings = toHeadings(split[header]?.cells ?? []);
    const names = headings.length;
    const wrong = headings.find((heading) => !isName(heading));
    const found = findUsualWidth(split.slice(header + 1).map(({ cells }) => cells));
    if (names > 1 && found === names && wrong !== undefined)
      throw new TableError(`has the heading ${JSON.stringify(wrong)}, which is no name; rename it`, top.line);
    if (names > 1 && found > names)
      throw new TableError(
        `has rows with another number of cells than its header, ${found} instead of ${names}; numbers with decimal commas need quotes or another delimiter, and a first column without a heading needs one`,
        top.line,
      );
  }
}

function toFrame(lines: readonly SampleLine[], shape: Shape, options: FrameOptions): Frame {
  const { delimiter, split, header, width } = shape;
  const found = options.hasHeader === false ? undefined : (split[header] ?? findCommentHeader(lines, shape));
  if (found === undefined && options.hasHeader !== false) throw new TableError(...toNoHeader(lines, shape));
  const firstRow = split.find(({ cells }) => fitsWidth(cells, width) && cells.some(isValue));
  const headerLine = found?.line.line ?? (firstRow?.line.line ?? 1) - 1;
  const names = found === split[header] ? shape.headings : toHeadings(found?.cells ?? []);
  const headings = found ? names : Array.from({ length: width }, (_, index) => `column_${index + 1}`);
  const rest = lines
    .filter(({ line, text }) => line > headerLine && !isComment(text) && !isRule(text))
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
  const rules = lines.filter(({ line, text }) => line > headerLine && line <= headerLine + 3 && isRule(text));
  const leading = rows.slice(
    0,
    rows.findIndex(
      ({ row }, index) => !areUnits(row) && !(index === 0 && found && isUnitsBelow(row, headings)),
    ),
  );
  const isOfUnits = ({ row }: { row: readonly string[] }) =>
    row.some((cell) => isKnownUnit(toBareUnit(cell))) || isUnitsBelow(row, headings);
  return {
    delimiter,
    headerLine,
    headerText: found?.line.text ?? '',
    headings,
    hasRowNames: found !== undefined && shape.hasRowNames,
    units: leading.find(isOfUnits)?.row.map(toBareUnit) ?? [],
    linesOfUnits: new Set([...leading, ...rules].map(({ line }) => line)),
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
  [top, ...others]: readonly SampleLine[],
  { split, width, delimiter }: Shape,
): [message: string, line?: number] {
  const [cells] = top ? splitLines([top.text], delimiter) : [];
  if (cells && 'fault' in cells)
    return others.some(({ text }) => (text.split('"').length - 1) % 2 === 1)
      ? [': a heading has a line break; write the headings on one line', top?.line]
      : [`: ${cells.fault}; expected the column names`, top?.line];
  const first = split.find(({ cells }) => fitsWidth(cells, width) && cells.some(isValue));
  if (first === undefined) return ['has no line of column names; expected a header above the rows'];
  const wrong = first.cells.filter((cell) => !isName(cell));
  if (wrong.length < first.cells.length && first === split[0])
    return [
      `has no header: ${JSON.stringify(wrong[0])} is no name of a column; rename it, or set --no-header if the line is a row`,
      first.line.line,
    ];
  const names = width === 1 ? 'column column_1' : `columns column_1 to column_${width}`;
  return [
    `has no header: ${JSON.stringify(first.line.text.slice(0, 60))} is a row of values; --no-header names the ${names}`,
    first.line.line,
  ];
}
