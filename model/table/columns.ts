import { detectTimeFormat } from './detect-times.ts';
import { type Frame, TableError } from './frame.ts';
import { type Column, type Heading, isNamed, parseHeading, toKey } from './headings.ts';
import { parseLabel } from './labels.ts';
import {
  createMissingTest,
  detectNumberFormat,
  type NumberFormat,
  parseNumber,
  splitUnit,
} from './numbers.ts';
import { findTimeColumn, isNamedLikeTime, type TimeColumn } from './time-column.ts';

/** What the columns of a table are, by their headings and their cells in the first rows. */
export interface Roles {
  columns: readonly Column[];
  numberFormat: NumberFormat;
  time: TimeColumn | undefined;
  /** Their cells together name the sensor; mostly one. */
  sensors: readonly Column[];
  label: Column | undefined;
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
  decimal?: NumberFormat['decimal'] | undefined;
  dateFormat?: string | undefined;
}

/** @throws TableError if a column that is named is missing */
export function findRoles({ headings, units, rows, delimiter }: Frame, options: RoleOptions = {}): Roles {
  const { isMissing } = createMissingTest(options.missingMarks);
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
  const label = options.label ? findColumn(columns, options.label) : noTimes.find(isLabel);
  const rest = columns.filter(
    (column) => !timePositions.has(column.position) && !sensors.includes(column) && column !== label,
  );
  const numberFormat = options.decimal
    ? { decimal: options.decimal, ambiguous: undefined }
    : detectNumberFormat(
        rest.flatMap(({ cells }) => cells),
        delimiter,
      );
  const judged = rest.map((column) => ({
    column,
    ...(features.has(column) ? feature : judge(column, numberFormat)),
  }));
  return {
    ...{ columns, numberFormat, time, sensors, label },
    numbers: judged.filter(({ reason }) => reason === '').map(({ column }) => column),
    ignored: judged.filter(({ reason }) => reason !== ''),
  };
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

export function quoteHeadings(columns: readonly Heading[]): string {
  return columns.map(({ text }) => JSON.stringify(text.slice(0, 40))).join(', ');
}

const sensorKeys = [
  ...'sensorid sensor sensorname deviceid device devicename entityid stationid station'.split(' '),
  ...'nodeid node machineid machine hostname host tagname tag name'.split(' '),
];

/** Numbers are names of sensors only if few differ, or if the heading speaks of ids. */
function findSensor(columns: readonly Column[]): readonly Column[] {
  const isId = ({ name, cells }: Column) => {
    if (/id$/i.test(toKey(name))) return true;
    const isNumeric = cells.length > 0 && cells.every((cell) => !Number.isNaN(parseNumber(cell)));
    return (
      !isNumeric || (new Set(cells).size * 4 < cells.length && cells.every((cell) => /^\d+$/.test(cell)))
    );
  };
  const found = sensorKeys.map((key) => columns.find((column) => toKey(column.name) === key && isId(column)));
  return found.filter((column) => column !== undefined).slice(0, 1);
}

const labelKeys = new Set([
  ...'target label labels class groundtruth anomaly isanomaly anomalous abnormal isabnormal outlier isoutlier'.split(
    ' ',
  ),
  ...'fault isfault faulty failure isfailure machinefailure failed hasfailed broken defect defective'.split(
    ' ',
  ),
]);

function isLabel({ name, cells }: Column): boolean {
  return (
    labelKeys.has(toKey(name)) && cells.length > 0 && cells.every((cell) => parseLabel(cell) !== undefined)
  );
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
const indexKeys = new Set(['', ...'# index idx row rownumber record recno no nr unnamed0 level0'.split(' ')]);
const idKeys = new Set(['id', 'uuid', 'guid']);
/** Columns that say what the values of a row are: then it is a long table. */
const fieldKeys = new Set('field metric variable parameter quantity channel measurement'.split(' '));
/** At least this share of the cells of a column of numbers are numbers. */
const minNumberShare = 0.8;

/** Why a column is no feature; an empty reason for one of numbers. */
function judge(
  { text, name, unit, cells }: Column,
  { decimal }: NumberFormat,
): { reason: string; isLikeTime: boolean } {
  const key = toKey(name);
  const isNumber = (cell: string) => !Number.isNaN(parseNumber(splitUnit(cell).number, decimal));
  if (cells.length === 0) return { reason: 'empty in the first rows', isLikeTime: false };
  if (idKeys.has(key)) return { reason: 'an identifier', isLikeTime: false };
  if (labelKeys.has(key) && new Set(cells).size <= 2)
    return { reason: 'not labels like 0 and 1, true and false, normal and anomaly', isLikeTime: false };
  if (unit === 'RN' || (key === 'table' && cells.every((cell) => /^\d+$/.test(cell))))
    return { reason: 'numbers the rows', isLikeTime: false };
  if (indexKeys.has(key) && cells.every((cell, index) => /^\d+$/.test(cell) && isNext(cells, index)))
    return { reason: 'numbers the rows', isLikeTime: false };
  const isLikeTime = isNamedLikeTime(text) || !cells.some(isNumber);
  if (isLikeTime && detectTimeFormat(cells).kind !== 'none') return { reason: 'times', isLikeTime: true };
  if (isNamedLikeTime(text)) return { reason: 'named like a time, but holds none', isLikeTime: true };
  if (cells.filter(isNumber).length >= cells.length * minNumberShare) return feature;
  return { reason: 'not numbers', isLikeTime: false };
}

/** A column of names of quantities, if there is one and only one column of numbers. */
export function findFieldColumn({ numbers, ignored }: Roles): Column | undefined {
  if (numbers.length !== 1) return undefined;
  return ignored.find(({ column }) => fieldKeys.has(toKey(column.name)) && new Set(column.cells).size > 1)
    ?.column;
}

function isNext(cells: readonly string[], index: number): boolean {
  return index === 0 || Number(cells[index]) > Number(cells[index - 1]);
}
