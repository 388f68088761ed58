import {
  type ClockCells,
  createTimeParser,
  isNamedLikeTime,
  isOfTimesOfDay,
  type Roles,
  suggestDateFormat,
  type TimeParser,
} from '@sensor-sentinel/model/table';
import { FileFault } from './file-state.ts';
import { toFlag } from './messages.ts';
import type { Survey } from './survey-table.ts';

/** The column of times, and how it is read. */
export interface LayoutTime extends TimeParser {
  positions: readonly number[];
  /** Times of day that are added to the dates. */
  clockCells: ClockCells | undefined;
  name: string;
  format: string;
  timeZone: string;
  expected: string;
}

export interface LayoutOptions {
  /** The name in messages. */
  name: string;
  timestamps: 'arrival' | 'file' | 'now';
  /** Of times without an offset; empty: UTC, or that of the heading. */
  timeZone: string;
}

/** Times that are not sent need not be readable. @throws FileFault */
export function toTime(
  { roles }: Survey,
  { name, timestamps, timeZone }: LayoutOptions,
): LayoutTime | undefined {
  const { time } = roles;
  const isNeeded = timestamps !== 'arrival';
  if (time === undefined) {
    if (!isNeeded) return undefined;
    throw new FileFault(
      `${name} has no column of times, which --timestamps ${timestamps} needs; --columns "timestamp=…" names one`,
    );
  }
  const { finding } = time;
  if (finding.kind === 'found') {
    const zone = timeZone || time.timeZone || 'UTC';
    const { format } = finding;
    const expected =
      format === 'standard'
        ? 'expected a time as in 2026-11-22 15:04:05'
        : `expected a time in the format ${format}`;
    const parser = createTimeParser(format, zone, time.clockCells?.numbers);
    return { ...time, ...parser, timeZone: zone, format, expected };
  }
  if (!isNeeded) return undefined;
  const what =
    finding.kind === 'ambiguous'
      ? ` could have several formats; set --date-format to ${finding.formats.map((format) => JSON.stringify(format)).join(' or ')}`
      : describeUnknown(roles);
  throw new FileFault(`${name}: the times in ${JSON.stringify(time.name)}${what}`);
}

/** Why the times of a column cannot be read, and what to do. */
function describeUnknown({ time, columns, ignored }: Roles): string {
  const parts = columns.filter(({ position }) => time?.positions.includes(position));
  const [part] = parts;
  const text = parts.map(({ cells }) => cells[0] ?? '').join(' ');
  const are = `, as in ${JSON.stringify(text.slice(0, 60))}, are`;
  if (part && parts.length === 1 && isOfTimesOfDay(part)) {
    const date = ignored.find(({ reason }) => reason === 'times')?.column.text ?? '…';
    return `${are} times of day without a date; ${toFlag('columns', `timestamp=${date}+${part.text}`)} joins it`;
  }
  if (/^\d\.?\d*e\+?\d+$/i.test(text))
    return `${are} rounded, as spreadsheets show long numbers; export the file again with all digits`;
  if (/^\d{9,19}$/.test(text))
    return `${are} of an improbable year as numbers since 1970; --date-format epoch reads them nevertheless, "yyyyMMddHHmm" or the like as dates`;
  const unknown = `${are} in no format that is known; --date-format`;
  if (/^[2-7]\d{4}(?:[.,]\d+)?$/.test(text)) return `${unknown} excel reads them as days since 1900`;
  return `${unknown} gives it, as in ${JSON.stringify(suggestDateFormat(text) ?? 'd.M.yyyy H:mm:ss')}`;
}

/** Abbreviations that do not tell an offset for sure. */
const zoneName = /\b(MES?Z|[CEW]ES?T|BST|IST|JST|KST|MSK|SGT|HKT|[ACEMP][SD]T|A[CEW][SD]T|NZ[SD]T)\b/;

export function describeTimes(
  { roles }: Survey,
  time: LayoutTime | undefined,
  { timestamps, timeZone }: LayoutOptions,
): string[] {
  if (roles.time === undefined) return [];
  const { name, finding, clockCells, unusedClock, unusedZone, timeZone: found } = roles.time;
  const shown = JSON.stringify(name);
  if (timestamps === 'arrival') {
    const remark = `does not send the times in ${shown}: readings get the time of arrival; --timestamps file or now sends them`;
    return isNamedLikeTime(name) || finding.kind !== 'none' ? [remark] : [];
  }
  const midnight = unusedClock
    ? [
        `takes the dates in ${shown} for midnight; if ${JSON.stringify(unusedClock.text)} has their times of day, ` +
          `${toFlag('columns', `timestamp=${name}+${unusedClock.text}`)} adds them`,
      ]
    : [];
  const isLocal = finding.kind === 'found' && !finding.hasOffset && timeZone === '';
  if (!isLocal) return clockCells ? [`reads times from ${shown}`] : midnight;
  if (found !== '')
    return [...midnight, `takes the times in ${shown} for ${time?.timeZone}, as the file says`];
  const [abbreviation] = zoneName.exec(name) ?? [];
  const but = abbreviation
    ? `although their heading says ${abbreviation}`
    : unusedZone
      ? `although ${JSON.stringify(unusedZone.text)} may tell their time zone`
      : 'as they have no offset';
  return [
    ...midnight,
    `takes the times in ${shown} for UTC, ${but}; --timezone sets another time zone, as in Europe/Berlin`,
  ];
}

/** Names the flag for columns of times that are not read. */
export function describeOtherTimes({ roles }: Survey, ignored: Roles['ignored']): string[] {
  return ignored
    .filter(({ column, isLikeTime }) => isLikeTime && column !== roles.time?.unusedClock)
    .map(({ column }) => {
      const remark = `ignores ${JSON.stringify(column.text)}, which looks like a time`;
      return isOfTimesOfDay(column)
        ? remark
        : `${remark}; ${toFlag('columns', `timestamp=${column.text}`)} reads it`;
    });
}
