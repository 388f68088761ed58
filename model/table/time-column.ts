import { type Column, toKey } from './headings.ts';
import { detectTimeFormat, isTimeOfDay, type TimeFinding } from './times.ts';

/** The column of times, or its parts: dates and times of day, or numbers of years, months, days and so on. */
export interface TimeColumn {
  positions: readonly number[];
  /** For messages. */
  name: string;
  finding: TimeFinding;
  /** Of a heading such as `Date Time, GMT+01:00`; empty where the heading has none. */
  timeZone: string;
}

interface TimeOptions {
  rows: readonly (readonly string[])[];
  /** The format that the user gives. */
  dateFormat: string | undefined;
}

const timeKey =
  /^(?:timestamp|datetime|dateandtime|time|date|ts|epoch|millis|micros|elapsed(?:time)?|unixtime(?:stamp)?|(?:created|recorded|measured|observed|updated)at|last(?:changed|updated)|(?:record|sample|log|local|event|start|stop)?time|zeit(?:stempel|punkt)?|datum(?:zeit|uhrzeit|undzeit)?|uhrzeit|horodat(?:age|eur)|dateheure|heure|fecha(?:hora|yhora)?|hora|data(?:ora)?|ora)(?:utc|gmt\d*|local|iso|ms|us|ns|s|tz)?$/;

export function isNamedLikeTime(heading: string): boolean {
  return timeKey.test(toKey(heading.replace(/\s*[([].*$/, '')));
}

/** The given columns, else the first of: named timestamp, named like a time, without a name, of texts that are times. */
export function findTimeColumn(
  columns: readonly Column[],
  given: readonly Column[] | undefined,
  { rows, dateFormat }: TimeOptions,
): TimeColumn | undefined {
  const toFinding = (texts: readonly string[]): TimeFinding =>
    dateFormat === undefined
      ? detectTimeFormat(texts)
      : { kind: 'found', format: dateFormat, hasOffset: /z/i.test(dateFormat) };
  const toTimeColumn = (parts: readonly Column[]): TimeColumn => {
    const positions = parts.map(({ position }) => position);
    const [part] = parts;
    const texts =
      parts.length === 1 && part
        ? part.cells
        : rows.map((row) => positions.map((position) => row[position] ?? '').join(' '));
    const name = parts.map(({ text, position }) => text || `column ${position + 1}`).join(' + ');
    return { positions, name, finding: toFinding(texts), timeZone: findTimeZone(name) };
  };
  if (given !== undefined) return toTimeColumn(given);
  const rank = ({ name, position }: Column) =>
    toKey(name) === 'timestamp' ? 0 : isNamedLikeTime(name) ? 1 : name === '' && position === 0 ? 2 : 3;
  const candidates = columns
    .filter((column) => column.cells.length > 0 && (rank(column) < 3 || !isNumeric(column)))
    .toSorted((a, b) => rank(a) - rank(b));
  const clock = candidates.find(isOfTimesOfDay);
  const found = candidates.map((column) => ({ column, time: toTimeColumn([column]) }));
  const dated = found.filter(
    ({ column, time }) => column !== clock && time.finding.kind !== 'none' && isTimeLike(column, dateFormat),
  );
  const whole = dated.find(
    ({ column }) => clock === undefined || column.cells.some((cell) => cell.includes(':')),
  );
  if (whole !== undefined) return whole.time;
  const [date] = dated;
  if (date !== undefined) return clock === undefined ? date.time : toTimeColumn([date.column, clock]);
  const parts = findNumberedParts(columns);
  if (parts.length > 0 && dateFormat === undefined)
    return { ...toTimeColumn(parts), finding: toPartsFinding(parts.length) };
  return found.find(({ column }) => rank(column) < 2)?.time;
}

const partKeys = [['year'], ['month'], ['day', 'dayofmonth'], ['hour'], ['minute'], ['second']];
const partFormats = ['yyyy', 'M', 'd', 'H', 'm', 's'];

/** Columns of whole numbers that are named year, month, day, and perhaps hour, minute and second. */
function findNumberedParts(columns: readonly Column[]): readonly Column[] {
  const parts = partKeys.map((keys) =>
    columns.find(
      ({ name, cells }) =>
        keys.includes(toKey(name)) && cells.length > 0 && cells.every((cell) => /^\d+$/.test(cell)),
    ),
  );
  const end = parts.indexOf(undefined);
  const found = parts.slice(0, end < 0 ? parts.length : end).filter((part) => part !== undefined);
  return found.length >= 3 ? found : [];
}

function toPartsFinding(count: number): TimeFinding {
  return { kind: 'found', format: partFormats.slice(0, count).join(' '), hasOffset: false };
}

/** With a given format, every column would count as one of times. */
function isTimeLike({ name, cells }: Column, dateFormat: string | undefined): boolean {
  return dateFormat === undefined || isNamedLikeTime(name) || cells.every((cell) => /\d[./: -]\d/.test(cell));
}

/** Some cells may be damaged. */
function isOfTimesOfDay({ cells }: Column): boolean {
  return cells.filter(isTimeOfDay).length >= cells.length * 0.8;
}

function isNumeric({ cells }: Column): boolean {
  return cells.every((cell) => !Number.isNaN(Number(cell.replace(',', '.'))));
}

function findTimeZone(heading: string): string {
  const [, zone = '', offset = ''] =
    /\b(UTC|GMT)\s*([+-]\d{1,2}(?::?\d\d)?)?(?![\p{L}\d])/iu.exec(heading.replaceAll('_', ' ')) ?? [];
  return zone === '' ? '' : `UTC${offset}`;
}
