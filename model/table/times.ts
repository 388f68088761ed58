import { DateTime } from 'luxon';
import { type ClockNumber, parseTimeOfDay } from './time-of-day.ts';
import { cleanTime } from './time-text.ts';
import { createLocalClock, type LocalClock, type RecentTimes } from './time-zone.ts';

/**
 * How times are written: `standard` is ISO 8601 and numbers since 1970; `epoch`, `excel`, `filetime` and `ticks` are numbers since
 * 1970, 1900, 1601 and the year 1; anything else are tokens of Luxon, as in `d.M.yyyy H:mm`.
 */
export type TimeFormat = 'standard' | 'epoch' | 'excel' | 'filetime' | 'ticks' | (string & {});

export interface TimeParser {
  /**
   * Milliseconds since 1970, NaN for anything but a time. `recent` decides in an hour that repeats at the end of daylight saving
   * time. `timeOfDay` is added to the date in the text.
   */
  parse: (text: string, recent?: RecentTimes, timeOfDay?: string) => number;
  clock: LocalClock;
}

/** @param numbers how numbers tell the time of day, if it has cells of its own */
export function createTimeParser(
  format: TimeFormat,
  timeZone: string,
  numbers: ClockNumber = 'H',
): TimeParser {
  const clock = createLocalClock(timeZone);
  const toClockMs = (timeOfDay: string | undefined) =>
    timeOfDay === undefined ? 0 : parseTimeOfDay(timeOfDay, numbers);
  if (format === 'standard') return { clock, parse: createStandardParser(clock, toClockMs) };
  const parseText = numericParsers[format] ?? createTokenParser(format);
  const isUtc = isWithOffset(format);
  let last = { text: '', ms: Number.NaN };
  const parse = (text: string, recent?: RecentTimes, timeOfDay?: string) => {
    // The rows of a day often follow one another.
    if (text !== last.text) last = { text, ms: parseText(text) };
    const ms = last.ms + toClockMs(timeOfDay);
    return isUtc || Number.isNaN(ms) ? ms : clock.toUtcMs(ms, recent);
  };
  return { clock, parse };
}

const iso =
  /^(\d{4})([-/.])(\d\d)\2(\d\d)(?:(?:[Tt_:-]|,? +)(\d\d):(\d\d)(?::(\d\d)(?:[.,:](\d+))?)?)? *(Z|z|UTC|GMT|[+-]\d\d(?::?\d\d)?(?::\d\d)?)?(?:(?<=\d)\[[^\]]*\])?$/;
const basicIso =
  /^(\d{4})()(\d\d)(\d\d)[Tt_ -](\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)? *(Z|z|[+-]\d\d(?::?\d\d)?)?$/;
/** In exponential notation only with all digits: spreadsheets round `1795359845745` to `1.79536E+12`. */
const epoch = /^\d{9,19}(?:[.,]\d*)?$|^\d\.\d{8,}[eE]\+?\d{1,2}$/;

/**
 * ISO 8601 and RFC 3339, also as PostgreSQL, pandas and Python write it; local where it has no offset. Numbers since 1970 are in
 * seconds, milliseconds, microseconds or nanoseconds, by their magnitude.
 */
function createStandardParser(
  clock: LocalClock,
  toClockMs: (timeOfDay: string | undefined) => number,
): TimeParser['parse'] {
  return (text, recent, timeOfDay) => {
    const found = iso.exec(text) ?? basicIso.exec(text);
    if (found === null) return parseEpoch(text) + toClockMs(timeOfDay);
    const [, year, , month, day, hour = '0', minute = '0', second = '0', fraction = '', offset] = found;
    if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return Number.NaN;
    const dateMs = Date.UTC(Number(year), Number(month) - 1, Number(day));
    const date = new Date(dateMs);
    if (date.getUTCMonth() + 1 !== Number(month) || date.getUTCDate() !== Number(day)) return Number.NaN;
    const ms = Number(fraction.slice(0, 3).padEnd(3, '0')) + toClockMs(timeOfDay);
    const localMs = dateMs + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 + ms;
    return offset === undefined ? clock.toUtcMs(localMs, recent) : localMs - parseOffsetMs(offset);
  };
}

function parseOffsetMs(offset: string): number {
  const [, sign, hours, minutes = '0', seconds = '0'] = /^([+-])(\d\d):?(\d\d)?:?(\d\d)?$/.exec(offset) ?? [];
  if (sign === undefined) return 0;
  if (Number(hours) > 23 || Number(minutes) > 59) return Number.NaN;
  const total = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  return sign === '-' ? -total : total;
}

/** Whether the text of a time in the standard format tells its offset, as numbers since 1970 do. */
export function hasStandardOffset(text: string): boolean {
  return epoch.test(text) || (iso.exec(text)?.[9] ?? basicIso.exec(text)?.[9]) !== undefined;
}

export function isWithOffset(format: TimeFormat): boolean {
  return /^(?:epoch|filetime)$|z/i.test(format.replace(/'[^']*'/g, ''));
}

function parseEpoch(text: string): number {
  const value = epoch.test(text) ? Number(text.replace(',', '.')) : Number.NaN;
  if (value < 1e8) return Number.NaN;
  if (value < 1e11) return Math.round(value * 1000);
  if (value < 1e14) return Math.floor(value);
  if (value < 1e17) return Math.floor(value / 1e3);
  return value < 1e20 ? Math.floor(value / 1e6) : Number.NaN;
}

/** Days since 1899-12-30, which spreadsheets write for dates in cells without a format. */
function parseExcelDays(text: string): number {
  const days = Number(text.replace(',', '.'));
  return text !== '' && days >= 20_000 && days < 80_000
    ? Math.round((days - 25_569) * 86_400_000)
    : Number.NaN;
}

/** Of Windows and .NET: units of 100 ns since 1601 and since the year 1. */
const parseTicks = (startMs: number) => (text: string) =>
  /^\d{17,18}$/.test(text) ? Math.floor(Number(text) / 1e4) + startMs : Number.NaN;

export const numericParsers: Readonly<Record<string, (text: string) => number>> = {
  epoch: parseEpoch,
  excel: parseExcelDays,
  filetime: parseTicks(Date.UTC(1601, 0, 1)),
  ticks: parseTicks(-62_135_596_800_000),
};

/** Parses texts by tokens of Luxon: as they are, or cleaned, whichever fits; mostly that which fitted the last text. */
export function createTokenParser(format: string): (text: string) => number {
  const parseClean = createCleanParser(format);
  const parseAny = (text: string) => parseClean(cleanTime(text));
  let order = [parseClean, parseAny] as const;
  return (text) => {
    const [first, second] = order;
    const ms = first(text);
    if (!Number.isNaN(ms)) return ms;
    const other = second(text);
    if (!Number.isNaN(other)) order = [second, first];
    return other;
  };
}

/** Months are in English. */
export function createCleanParser(format: string): (text: string) => number {
  const parser = DateTime.buildFormatParser(format, { locale: 'en-US' });
  const options = { zone: 'utc', locale: 'en-US' };
  return (text) => DateTime.fromFormatParser(text, parser, options).toMillis();
}
