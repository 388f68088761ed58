import { type ClockCells, findClockCells, isLikeClock, isOfTimesOfDay } from './clock-cells.ts';
import { detectTimeFormat, type TimeFinding } from './detect-times.ts';
import { type Column, toKey } from './headings.ts';
import { isTimeZone } from './time-zone.ts';
import { createTimeParser, isWithOffset } from './times.ts';

/** The column of times, or its parts: dates and times of day, or numbers of years, months, days and so on. */
export interface TimeColumn {
  /** Of the times, or of their dates. */
  positions: readonly number[];
  /** Times of day that are added to the dates. */
  clockCells: ClockCells | undefined;
  /** For messages. */
  name: string;
  finding: TimeFinding;
  /** Of a heading such as `Date Time, GMT+01:00`, or of a column of time zones; empty where there is none. */
  timeZone: string;
  /** A column that may hold the times of day of dates that have none. */
  unusedClock: Column | undefined;
  /** A column that may tell the time zone of times that have none. */
  unusedZone: Column | undefined;
}

interface TimeOptions {
  rows: readonly (readonly string[])[];
  /** The format that the user gives. */
  dateFormat: string | undefined;
}

const timeKey =
  /^(?:utc|gmt)?(?:timestamp|datetime|dateandtime|time|date|ts|epoch|millis|micros|elapsed(?:time)?|unixtime(?:stamp)?|(?:created|recorded|measured|observed|updated)at|last(?:changed|updated)|(?:record|sample|log|local|event|start|stop)?time|zeit(?:stempel|punkt)?|datum(?:zeit|uhrzeit|undzeit)?|uhrzeit|horodat(?:age|eur)|dateheure|heure|fecha(?:hora|yhora)?|hora|data(?:ora)?|ora)(?:utc|gmt\d*|local|iso|ms|us|ns|s|tz)?$/;

export function isNamedLikeTime(heading: string): boolean {
  return timeKey.test(toKey(heading.replace(/\s*[([].*$/, '')));
}

/** The given columns, else the first of: named timestamp, named like a time, without a name, of texts that are times. */
export function findTimeColumn(
  columns: readonly Column[],
  given: readonly Column[] | undefined,
  options: TimeOptions,
): TimeColumn | undefined {
  if (given !== undefined) return readGiven(given, columns, options);
  const rank = ({ name, position }: Column) =>
    toKey(name) === 'timestamp' ? 0 : isNamedLikeTime(name) ? 1 : name === '' && position === 0 ? 2 : 3;
  const candidates = columns
    .filter((column) => column.cells.length > 0 && (rank(column) < 3 || !isNumeric(column)))
    .toSorted((a, b) => rank(a) - rank(b));
  const found = candidates.map((column) => ({ column, time: toTimeColumn([column], options) }));
  const dated = found.filter(
    ({ column, time }) =>
      time.finding.kind !== 'none' && !isOfTimesOfDay(column) && isTimeLike(column, options.dateFormat),
  );
  const parts = findNumberedParts(columns);
  const first = dated.find(({ column }) => isUtcOf(column, dated[0]?.column)) ?? dated[0];
  if (first === undefined) {
    if (parts.length > 0 && options.dateFormat === undefined)
      return addClock(toTimeColumn(parts, options), { columns, parts, options });
    return found.find(({ column }) => rank(column) < 2)?.time;
  }
  const time = addClock(first.time, { columns, parts: [first.column], options });
  const whole = dated.find(
    ({ column, time: other }) => rank(column) <= rank(first.column) && !isOfDates(other, column),
  );
  return addZone(time.unusedClock && whole ? whole.time : time, { columns, options });
}

function toTimeColumn(parts: readonly Column[], { rows, dateFormat }: TimeOptions): TimeColumn {
  const positions = parts.map(({ position }) => position);
  const name = parts.map(toName).join(' + ');
  const numbered = parts.length > 1 ? findNumberedParts(parts) : [];
  const toFinding = (): TimeFinding => {
    if (dateFormat !== undefined)
      return { kind: 'found', format: dateFormat, hasOffset: isWithOffset(dateFormat) };
    if (numbered.length === parts.length) return toPartsFinding(numbered);
    const [part] = parts;
    if (parts.length === 1 && part) return detectTimeFormat(part.cells);
    return detectTimeFormat(rows.map((row) => positions.map((position) => row[position] ?? '').join(' ')));
  };
  const timeZone = findTimeZone(name);
  return {
    ...{ positions: numbered.length > 0 ? numbered.map(({ position }) => position) : positions },
    ...{ clockCells: undefined, name, finding: toFinding(), timeZone },
    ...{ unusedClock: undefined, unusedZone: undefined },
  };
}

function toName({ text, position }: Column): string {
  return text || `column ${position + 1}`;
}

/** Several columns are a date and a time of day, or texts that make a time together. */
function readGiven(given: readonly Column[], columns: readonly Column[], options: TimeOptions): TimeColumn {
  const [only] = given;
  const time = toTimeColumn(given, options);
  if (only && given.length === 1)
    return isOfDates(time, only) ? { ...time, unusedClock: columns.find(isLikeClock) } : time;
  const ends = given.flatMap((_, index) => (index > 0 ? [index] : []));
  const dates = ends.map((end) =>
    addClock(toTimeColumn(given.slice(0, end), options), {
      ...{ columns: given.slice(end), parts: given.slice(0, end), options },
    }),
  );
  return dates.find(({ clockCells }) => clockCells !== undefined) ?? time;
}

interface Surroundings {
  columns: readonly Column[];
  /** Of the date. */
  parts?: readonly Column[];
  options: TimeOptions;
}

/** Adds the times of day to dates. */
function addClock(time: TimeColumn, { columns, parts = [], options }: Surroundings): TimeColumn {
  const [part] = parts;
  if (time.finding.kind !== 'found' || part === undefined) return time;
  const others = columns.filter((column) => !time.positions.includes(column.position));
  const isDate = time.positions.length > 1 ? time.positions.length < 4 : isOfDates(time, part);
  if (!isDate) return time;
  if (options.dateFormat !== undefined && /[Hht]/.test(options.dateFormat)) {
    const clock = others.find(isOfTimesOfDay);
    return clock ? toTimeColumn([...parts, clock], options) : time;
  }
  const clockCells = findClockCells(others);
  if (clockCells === undefined) return { ...time, unusedClock: others.find(isLikeClock) };
  const named = clockCells.positions.map((position) => others.find((one) => one.position === position));
  const name = [time.name, ...named.map((column) => column && toName(column))].join(' + ');
  return { ...time, clockCells, name, timeZone: findTimeZone(name) };
}

/** Whether all times are midnight. Of a format that the user gives, whether it lacks the times that cells have. */
function isOfDates({ finding }: TimeColumn, { cells }: Column): boolean {
  if (finding.kind !== 'found') return false;
  const { parse } = createTimeParser(finding.format, 'UTC');
  return cells.every((cell) => {
    const ms = parse(cell);
    return Number.isNaN(ms) || ms % 86_400_000 === 0;
  });
}

const zoneKey = /^(?:(?:utc|gmt|tz|timezone)offset|timezone(?:name)?|tz|zeitzone)$/;

/** Takes the offsets of a column, or the only time zone in it. */
function addZone(time: TimeColumn, { columns, options }: Surroundings): TimeColumn {
  const zone = columns.find(({ name, cells }) => zoneKey.test(toKey(name)) && cells.length > 0);
  const { finding, positions, clockCells } = time;
  if (zone === undefined || finding.kind !== 'found' || finding.hasOffset) return time;
  const [part] = columns.filter(({ position }) => position === positions[0]);
  const joined = part && toTimeColumn([part, zone], options);
  if (joined?.finding.kind === 'found' && joined.finding.hasOffset && !clockCells) return joined;
  const [cell = '', ...others] = new Set(zone.cells);
  const isOnly = others.length === 0 && /\p{L}/u.test(cell) && isTimeZone(cell);
  return isOnly ? { ...time, timeZone: cell } : { ...time, unusedZone: zone };
}

const partKeys = [
  ['year', 'yr', 'yyyy', 'jahr'],
  ['month', 'mo', 'mon', 'monat'],
  ['day', 'dayofmonth', 'dy', 'dd', 'tag'],
  ['hour', 'hr', 'hh', 'stunde'],
  ['minute', 'min', 'mn'],
  ['second', 'sec'],
];
const partFormats = ['yyyy', 'M', 'd', 'H', 'm', 's'];

/** Columns of whole numbers that are named year, month, day, and perhaps hour, minute and second; or year and day of the year. */
function findNumberedParts(columns: readonly Column[]): readonly Column[] {
  const find = (keys: readonly string[]) =>
    columns.find(
      ({ name, cells }) =>
        keys.includes(toKey(name)) && cells.length > 0 && cells.every((cell) => /^\d+$/.test(cell)),
    );
  const parts = partKeys.map(find);
  const end = parts.indexOf(undefined);
  const found = parts.slice(0, end < 0 ? parts.length : end).filter((part) => part !== undefined);
  if (found.length >= 3) return found;
  const [year, dayOfYear] = [parts[0], find(['doy', 'dayofyear', 'julianday', 'jday'])];
  return year && dayOfYear ? [year, dayOfYear] : [];
}

function toPartsFinding(parts: readonly Column[]): TimeFinding {
  const format = parts.length === 2 ? 'yyyy o' : partFormats.slice(0, parts.length).join(' ');
  return { kind: 'found', format, hasOffset: false };
}

/** With a given format, every column would count as one of times. */
function isTimeLike({ name, cells }: Column, dateFormat: string | undefined): boolean {
  return dateFormat === undefined || isNamedLikeTime(name) || cells.every((cell) => /\d[./: -]\d/.test(cell));
}

function isNumeric({ cells }: Column): boolean {
  return cells.every((cell) => !Number.isNaN(Number(cell.replace(',', '.'))));
}

/** Whether a column has the times of another in UTC, by their names. */
function isUtcOf({ text }: Column, other: Column | undefined): boolean {
  const toBare = (heading: string) => toKey(heading).replace(/utc|gmt|local/g, '');
  if (other === undefined || findTimeZone(text) !== 'UTC' || findTimeZone(other.text) !== '') return false;
  return toBare(text) === '' || toBare(text) === toBare(other.text) || /local/i.test(other.text);
}

function findTimeZone(heading: string): string {
  const [name] = /\p{L}+(?:\/[\p{L}\d_+-]+)+/u.exec(heading) ?? [];
  if (name !== undefined && isTimeZone(name)) return name;
  const [, zone = '', offset = ''] =
    /\b(UTC|GMT)\s*([+-]\d{1,2}(?::?\d\d)?)?(?![\p{L}\d])/iu.exec(heading.replaceAll('_', ' ')) ?? [];
  return zone === '' ? '' : `UTC${offset}`;
}
