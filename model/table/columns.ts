import { detectTimeFormat } from './detect-times.ts';
import { type Frame, TableError } from './frame.ts';
import { type Column, type Heading, isNamed, parseHeading, toKey, toPlainKey } from './headings.ts';
import { createLabelParser, type LabelParser, parseLabel } from './labels.ts';
import { idKeys, indexKeys, isNamedLikeId, labelKeys, sensorKeys } from './name-keys.ts';
import {
  createMissingTest,
  type DecimalMark,
  detectNumberFormat,
  type NumberFormat,
  parseNumber,
  splitUnit,
} from './numbers.ts';
import { findTimeColumn, isNamedLikeTime, type TimeColumn } from './time-column.ts';

/** What the columns of a table are, by their headings and their cells in the first rows. */
export interface Roles {
  columns: readonly Column[];
  /** Of most numbers. */
  numberFormat: NumberFormat;
  /** The formats of columns that differ from it, or are ambiguous. */
  ownFormats: ReadonlyMap<Column, NumberFormat>;
  time: TimeColumn | undefined;
  /** Their cells together name the sensor; mostly one. */
  sensors: readonly Column[];
  label: Column | undefined;
  parseLabel: LabelParser;
  /** Columns of numbers that have no other role. */
  numbers: readonly Column[];
  ignored: readonly { column: Column; reason: string; isLikeTime: boolean }[];
}

/** What the user says about the columns; it overrides what is found. */
export interface RoleOptions {
  /** Headings; of a time or a sensor in several columns joined by `+`. */
  time?: string | undefined;
  sensor?: string | undefined;
  label?: string | undefined;
  /** Headings of columns that are features, whatever their cells are. */
  features?: readonly string[];
  missingMarks?: readonly string[];
  /** Words that mean an anomaly; other words of the first rows mean normal. */
  anomalyLabels?: readonly string[];
  decimal?: DecimalMark | undefined;
  dateFormat?: string | undefined;
}

/** @throws TableError if a column that is named is missing */
export function findRoles({ headings, units, rows, delimiter }: Frame, options: RoleOptions = {}): Roles {
  const { isMissing } = createMissingTest(options.missingMarks);
  const { anomalyLabels = [], decimal } = options;
  const columns = headings.map((heading, position): Column => {
    const parsed = parseHeading(heading);
    const cells = rows.flatMap((row) => (isMissing(row[position] ?? '') ? [] : [row[position] ?? '']));
    return {
      ...parsed,
      unit: parsed.unit || (units[position] ?? '') || findCellUnit(cells),
      position,
      cells,
    };
  });
  const features = new Set((options.features ?? []).map((heading) => findColumn(columns, heading)));
  const free = columns.filter((column) => !features.has(column));
  const time = findTimeColumn(
    free,
    splitHeadings(options.time, columns)?.map((part) => findColumn(columns, part, options.time)),
    { rows, dateFormat: options.dateFormat },
  );
  const timePositions = new Set([...(time?.positions ?? []), ...(time?.clockCells?.positions ?? [])]);
  const noTimes = free.filter(({ position }) => !timePositions.has(position));
  const sensors =
    splitHeadings(options.sensor, columns)?.map((part) => findColumn(columns, part, options.sensor)) ??
    findSensor(noTimes);
  const label = options.label
    ? findColumn(columns, options.label)
    : noTimes.find((column) => isLabel(column, anomalyLabels));
  const rest = columns.filter(
    (column) => !timePositions.has(column.position) && !sensors.includes(column) && column !== label,
  );
  const given = decimal && { decimal, ambiguous: undefined, isProven: true };
  const numberFormat =
    given ??
    detectNumberFormat(
      rest.flatMap(({ cells }) => cells),
      delimiter,
    );
  const ownFormats = findOwnFormats(given ? [] : rest, delimiter, numberFormat);
  const judged = rest.map((column) => ({
    column,
    ...(features.has(column) ? feature : judge(column, (ownFormats.get(column) ?? numberFormat).decimal)),
  }));
  return {
    ...{ columns, numberFormat, ownFormats, time, sensors, label },
    parseLabel: createLabelParser(label?.cells ?? [], anomalyLabels),
    numbers: judged.filter(({ reason }) => reason === '').map(({ column }) => column),
    ignored: judged.filter(({ reason }) => reason !== ''),
  };
}

/** The formats of columns that have another decimal mark than most, or numbers that are ambiguous beside those of the others. */
function findOwnFormats(columns: readonly Column[], delimiter: string, { decimal, isProven }: NumberFormat) {
  const formats = columns.map(
    (column) => [column, detectNumberFormat(column.cells, delimiter, decimal)] as const,
  );
  const isOwn = (format: NumberFormat) => format.decimal !== decimal || format.ambiguous !== undefined;
  return new Map(isProven ? formats.filter(([, format]) => isOwn(format)) : []);
}

/** Headings that are joined by `+`, which a heading may contain, too: the longest ones that are found. */
function splitHeadings(
  joined: string | undefined,
  columns: readonly Column[],
): readonly string[] | undefined {
  if (joined === undefined) return undefined;
  const parts = joined.split('+').map((part) => part.trim());
  const toHeading = (end: number) => parts.slice(0, end).join('+');
  const ends = parts.map((_, index) => parts.length - index);
  const end = ends.find((one) => columns.some((column) => isNamed(column, toHeading(one)))) ?? 1;
  const rest = end < parts.length ? splitHeadings(parts.slice(end).join('+'), columns) : [];
  return [toHeading(end), ...(rest ?? [])];
}

/** The column of a heading, with or without its unit; `asGiven` is what messages quote. @throws TableError */
export function findColumn(columns: readonly Column[], wanted: string, asGiven = wanted): Column {
  const exact = columns.filter(({ text, name }) => text === wanted || name === wanted);
  const found = exact.length > 0 ? exact : columns.filter((column) => isNamed(column, wanted));
  const [column, other] = found;
  if (column !== undefined && other === undefined) return column;
  const what = column === undefined ? 'no column' : `${found.length} columns`;
  throw new TableError(`has ${what} ${JSON.stringify(asGiven)}; found ${quoteHeadings(columns)}`);
}

const maxQuoted = 20;

export function quoteHeadings(columns: readonly Heading[]): string {
  const quoted = columns.slice(0, maxQuoted).map(({ text }) => JSON.stringify(text.slice(0, 40)));
  const others = columns.length - quoted.length;
  return `${quoted.join(', ')}${others > 0 ? ` and ${others} more` : ''}`;
}

/** Numbers are names of sensors only if they are repeated, or if the heading speaks of ids. */
function findSensor(columns: readonly Column[]): readonly Column[] {
  const isId = ({ name, cells }: Column) => {
    if (/id$/i.test(toKey(name))) return true;
    const isNumeric = cells.length > 0 && cells.every((cell) => !Number.isNaN(parseNumber(cell)));
    return (
      !isNumeric || (new Set(cells).size * 2 <= cells.length && cells.every((cell) => /^\d+$/.test(cell)))
    );
  };
  const found = [...sensorKeys].map((key) =>
    columns.find((column) => toPlainKey(column.name) === key && isId(column)),
  );
  return found.filter((column) => column !== undefined).slice(0, 1);
}

/** By words that are known, or of which some are given. */
function isLabel({ name, cells }: Column, anomalyLabels: readonly string[]): boolean {
  if (!labelKeys.has(toPlainKey(name)) || cells.length === 0) return false;
  const parse = anomalyLabels.length > 0 ? createLabelParser([], anomalyLabels) : parseLabel;
  return anomalyLabels.length > 0
    ? cells.some((cell) => parse(cell) === 1)
    : cells.every((cell) => parse(cell) !== undefined);
}

/** The unit behind the numbers of a column: that of most cells. */
function findCellUnit(cells: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const cell of cells) {
    const { unit } = splitUnit(cell);
    if (unit !== '') counts.set(unit, (counts.get(unit) ?? 0) + 1);
  }
  const [most] = [...counts].toSorted(([, a], [, b]) => b - a);
  return most !== undefined && most[1] * 2 > cells.length ? most[0] : '';
}

const feature = { reason: '', isLikeTime: false };
/** At least this share of the cells of a column of numbers are numbers. */
const minNumberShare = 0.8;

/** Why a column is no feature; an empty reason for one of numbers. */
function judge(
  { text, name, unit, cells }: Column,
  decimal: DecimalMark,
): { reason: string; isLikeTime: boolean } {
  const key = toPlainKey(name);
  const isNumber = (cell: string) => !Number.isNaN(parseNumber(splitUnit(cell).number, decimal));
  const areWhole = cells.every((cell) => /^\d+$/.test(cell));
  const isLikeTime = isNamedLikeTime(text) || !cells.some(isNumber);
  const others = cells.filter((cell) => !isNumber(cell));
  const ignore = (reason: string) => ({ reason, isLikeTime: false });
  if (cells.length === 0) return ignore('empty in the first rows');
  if (unit === 'RN' || (key === 'table' && areWhole)) return ignore('numbers the rows');
  if (indexKeys.has(key) && areWhole && cells.every((_, index) => isNext(cells, index)))
    return ignore('numbers the rows');
  if (idKeys.has(key) || (isNamedLikeId(name) && areWhole)) return ignore('an identifier');
  if (labelKeys.has(key) && (others.length > 0 || new Set(cells).size <= 2))
    return ignore('not labels like 0 and 1, true and false, normal and anomaly');
  if (isLikeTime && detectTimeFormat(cells).kind !== 'none') return { reason: 'times', isLikeTime: true };
  if (isNamedLikeTime(text)) return { reason: 'named like a time, but holds none', isLikeTime: true };
  if (cells.length - others.length >= cells.length * minNumberShare) return feature;
  if (others.some((cell) => /^#{3,}$/.test(cell)))
    return ignore('not numbers because of "####": a column was too narrow when the file was saved');
  const [mark = ''] = others;
  if (others.length * 2 >= cells.length || others.some((cell) => cell !== mark)) return ignore('not numbers');
  const shown = `not numbers because of ${JSON.stringify(mark)}`;
  return ignore(
    /[\d\p{C}",]/u.test(mark) ? shown : `${shown}; --missing "${mark}" takes it for a missing value`,
  );
}

function isNext(cells: readonly string[], index: number): boolean {
  return index === 0 || Number(cells[index]) > Number(cells[index - 1]);
}
