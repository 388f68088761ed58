import { toPlainKey } from './headings.ts';
import {
  areNames,
  areUnits,
  fitsWidth,
  isComment,
  isRule,
  isTime,
  isUnitsBelow,
  isValue,
} from './line-kinds.ts';
import { splitLines } from './lines.ts';
import { idKeys, indexKeys, sensorKeys } from './name-keys.ts';
import { isNamedLikeTime } from './time-column.ts';

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

interface SplitLine {
  line: SampleLine;
  cells: readonly string[];
}

/** The lines of a sample as one delimiter splits them. */
export interface Shape {
  delimiter: string;
  /** The lines that decide, with their cells; comments are left out. */
  split: readonly SplitLine[];
  /** The index of the header in `split`; -1: there is none. */
  header: number;
  /** Empty without a header. */
  headings: readonly string[];
  hasRowNames: boolean;
  width: number;
  /** How many of its headings are wanted. */
  wanted: number;
  /** The share of rows that are as wide as the header. */
  consistency: number;
  /** How many cells of a row hold several values between other delimiters. */
  joined: number;
}

/** How many lines at the start of a file decide about delimiter and header. */
const maxFrameLines = 300;

export function toShape(lines: readonly SampleLine[], delimiter: string, options: FrameOptions): Shape {
  const some = lines.slice(0, maxFrameLines).filter(({ text }) => !isComment(text) && !isRule(text));
  const split = splitLines(
    some.map(({ text }) => text),
    delimiter,
  ).map((cells, index) => ({
    line: some[index] ?? { line: 0, text: '' },
    cells: 'fault' in cells ? [] : cells,
  }));
  const all = split.map(({ cells }) => cells);
  const header = options.hasHeader === false ? -1 : findHeader(all, options);
  const found = split[header];
  const rows = split.slice(header + 1);
  const own = found ? toHeadings(found.cells) : [];
  const hasRowNames = found !== undefined && areRowsNamed(own, rows);
  const headings = hasRowNames ? ['', ...own] : own;
  const width = found ? headings.length : findUsualWidth(all);
  const fitting = rows.filter(({ cells }) => fitsWidth(cells, width));
  const joined = fitting.flatMap(({ cells }) => cells.filter((cell) => isJoined(cell, delimiter)));
  const wanted = found?.cells.filter((cell) => options.isWanted?.(cell)).length ?? 0;
  return {
    ...{ delimiter, split, header, headings, hasRowNames, width, wanted },
    consistency: rows.length === 0 ? 1 : fitting.length / rows.length,
    joined: joined.length / Math.max(1, fitting.length),
  };
}

/** The shape that fits best comes first. */
export function compareShapes(a: Shape, b: Shape): number {
  const hasHeader = ({ header, consistency }: Shape) => Number(header >= 0 && consistency >= 0.5);
  const cellsThatFit = ({ consistency, width, joined, hasRowNames }: Shape) =>
    consistency * (width - 2 * joined - Number(hasRowNames));
  return (
    b.wanted - a.wanted ||
    hasHeader(b) - hasHeader(a) ||
    cellsThatFit(b) - cellsThatFit(a) ||
    a.joined - b.joined ||
    Number(a.hasRowNames) - Number(b.hasRowNames) ||
    b.width - a.width
  );
}

/** Whether a cell holds several values, as `15:04;21` does where decimal commas were taken for delimiters. */
function isJoined(cell: string, delimiter: string): boolean {
  return [';', '\t', '|'].some((mark) => {
    const parts = mark === delimiter ? [] : cell.split(mark);
    return parts.length > 1 && parts.some((part) => isValue(part.trim()));
  });
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
  const isHeader = (cells: readonly string[] = []) =>
    (fitsWidth(values, toHeadings(cells).length) || cells.length === values.length - 1) &&
    areNames(cells) &&
    !areUnits(cells);
  let header = rows.slice(0, firstValues).findLastIndex(isHeader);
  while (isHeader(rows[header - 1]) && isUnitsBelow(rows[header] ?? [], rows[header - 1] ?? [])) header -= 1;
  return header;
}

/** Without the empty cell behind a delimiter at the end. */
export function toHeadings(cells: readonly string[]): readonly string[] {
  return cells.length > 1 && cells.at(-1) === '' ? cells.slice(0, -1) : cells;
}

/**
 * R and pandas write the names of rows in a first column without a heading, not even an empty one: in quotes, counted, words, or times
 * beside numbers with decimal points. Any other row with a cell too many may have a decimal comma without quotes.
 */
function areRowsNamed(headings: readonly string[], rows: readonly SplitLine[]): boolean {
  const longer = rows.filter(({ cells }) => cells.length === headings.length + 1 && cells.at(-1) !== '');
  if (longer.length * 2 <= rows.length) return false;
  const names = longer.map(({ cells }) => cells[0] ?? '');
  const areNumbers = longer.every(({ cells }) => /^[\d.,+-]+$/.test(cells[1] ?? ''));
  const [first = ''] = headings;
  const isOwn =
    isNamedLikeTime(first) || [sensorKeys, idKeys, indexKeys].some((keys) => keys.has(toPlainKey(first)));
  if (new Set(names).size < names.length || (isOwn && areNumbers)) return false;
  const start = Number(names[0]);
  const areCounted =
    start <= 1 && names.every((name, index) => /^\d+$/.test(name) && Number(name) === start + index);
  const areTimes =
    names.every(isTime) &&
    longer.some(({ cells }) => cells.slice(1).some((cell) => /^-?\d+\.\d+$/.test(cell)));
  return (
    areCounted ||
    areTimes ||
    longer.every(isQuotedName) ||
    names.every((name) => !/\d{3}/.test(name) && !isValue(name))
  );
}

/** Only some cells are in quotes, the first one among them. */
function isQuotedName({ line: { text }, cells }: SplitLine): boolean {
  return text.startsWith('"') && (text.match(/"/g)?.length ?? 0) < 2 * cells.length;
}

/** The width of most lines that the delimiter splits; of equally frequent ones, the widest. */
export function findUsualWidth(rows: readonly (readonly string[])[]): number {
  const counts = new Map<number, number>();
  for (const { length } of rows) if (length > 1) counts.set(length, (counts.get(length) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0] ?? 1;
}
