import { DateTime } from 'luxon';
import { createLocalClock, type LocalClock } from './time-zone.ts';

/**
 * How times are written: `standard` is ISO 8601 and numbers since 1970; `excel` are days since 1900; anything else are tokens of
 * Luxon, as in `d.M.yyyy H:mm`.
 */
export type TimeFormat = 'standard' | 'excel' | (string & {});

export interface TimeParser {
  /**
   * Milliseconds since 1970, NaN for anything but a time. `previousMs` is the time of the previous row, which decides in an hour
   * that repeats at the end of daylight saving time.
   */
  parse: (text: string, previousMs?: number) => number;
  clock: LocalClock;
}

export function createTimeParser(format: TimeFormat, timeZone: string): TimeParser {
  const clock = createLocalClock(timeZone);
  if (format === 'standard')
    return { clock, parse: (text, previousMs) => parseStandardTime(text, clock, previousMs) };
  const parseTokens = format === 'excel' ? parseExcelDays : createTokenParser(format);
  const hasOffset = /Z|z/.test(format.replace(/'[^']*'/g, ''));
  const parse = (text: string, previousMs?: number) => {
    const ms = parseTokens(text);
    return hasOffset || Number.isNaN(ms) ? ms : clock.toUtcMs(ms, previousMs);
  };
  return { clock, parse };
}

const iso =
  /^(\d{4})([-/.])(\d\d)\2(\d\d)(?:(?:[Tt_]| +)(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)? *(Z|z|UTC|GMT|[+-]\d\d(?::?\d\d)?(?::\d\d)?)?$/;
const basicIso =
  /^(\d{4})()(\d\d)(\d\d)[Tt](\d\d)(\d\d)(?:(\d\d)(?:[.,](\d+))?)? *(Z|z|[+-]\d\d(?::?\d\d)?)?$/;
const epoch = /^\d{9,19}(?:\.\d*)?$|^\d(?:\.\d+)?[eE]\+?\d{1,2}$/;

/**
 * ISO 8601 and RFC 3339, also as PostgreSQL, pandas and Python write it; local where it has no offset. Numbers since 1970 are in
 * seconds, milliseconds, microseconds or nanoseconds, by their magnitude.
 */
function parseStandardTime(text: string, clock: LocalClock, previousMs: number | undefined): number {
  const found = iso.exec(text) ?? basicIso.exec(text);
  if (found === null) return epoch.test(text) ? parseEpoch(Number(text)) : Number.NaN;
  const [, year, , month, day, hour = '0', minute = '0', second = '0', fraction = '', offset] = found;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return Number.NaN;
  const dateMs = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const date = new Date(dateMs);
  if (date.getUTCMonth() + 1 !== Number(month) || date.getUTCDate() !== Number(day)) return Number.NaN;
  const ms = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const localMs = dateMs + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 + ms;
  return offset === undefined ? clock.toUtcMs(localMs, previousMs) : localMs - parseOffsetMs(offset);
}

function parseOffsetMs(offset: string): number {
  const [, sign, hours, minutes = '0', seconds = '0'] = /^([+-])(\d\d):?(\d\d)?:?(\d\d)?$/.exec(offset) ?? [];
  if (sign === undefined) return 0;
  if (Number(hours) > 23 || Number(minutes) > 59) return Number.NaN;
  const total = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  return sign === '-' ? -total : total;
}

function parseEpoch(value: number): number {
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

function createTokenParser(format: string): (text: string) => number {
  const parser = DateTime.buildFormatParser(format, { locale: 'en-US' });
  const options = { zone: 'utc', locale: 'en-US' };
  return (text) => {
    const plain = text
      .replace(/[\u00a0\u202f]/g, ' ')
      .replace(/([ap])\.\s?m\.?$/i, '$1m')
      .replace(/ (?:GMT|UTC|Z)$/, ' +0000');
    return DateTime.fromFormatParser(plain, parser, options).toMillis();
  };
}

/** Whether Luxon can parse by the tokens: it cannot where they stand for no date. */
export function isDateFormat(format: string): boolean {
  if (format === 'excel') return true;
  if (format.includes('%') || !/y/.test(format)) return false;
  try {
    createTokenParser(format)('');
    return true;
  } catch {
    return false;
  }
}

const dates = [
  ...['yyyy-M-d', 'yyyy/M/d', 'yyyy.M.d', 'd.M.yyyy', 'd.M.yy'],
  ...['/', '-'].flatMap((mark) =>
    ['M-d-yyyy', 'd-M-yyyy', 'M-d-yy', 'd-M-yy', 'yy-M-d'].map((date) => date.replaceAll('-', mark)),
  ),
  ...['/', '-', '.', ' '].flatMap((mark) => [`d${mark}LLL${mark}yyyy`, `d${mark}LLL${mark}yy`]),
  'ccc LLL d H:mm:ss yyyy',
  ...['LLL d, yyyy', 'LLL d yyyy', 'ccc, d LLL yyyy', 'ccc LLL d yyyy'],
];
const timesOfDay = [
  'H:mm',
  'H:mm:ss',
  'H:mm:ss.u',
  'H:mm:ss,u',
  'h:mm a',
  'h:mm:ss a',
  'h:mm:ss.u a',
  'h:mma',
  'h.mm.ss a',
];
/** Formats that are tried. Of two that say the same of all texts, the first counts. */
const formats = dates.flatMap((date) => [
  date,
  ...timesOfDay.flatMap((time) => [`${date} ${time}`, `${date}, ${time}`, `${date} ${time} ZZZ`]),
]);
const createKnownParsers = () => formats.map((format) => ({ format, parse: createTokenParser(format) }));
let knownParsers: ReturnType<typeof createKnownParsers> | undefined;

/** What the texts of a column say about the format of its times. */
export type TimeFinding =
  | { kind: 'found'; format: TimeFormat; hasOffset: boolean }
  /** Several formats fit, and differ in what they say. */
  | { kind: 'ambiguous'; formats: readonly string[] }
  | { kind: 'none' };

/** At least this share of the cells of a time column are times. */
const minShare = 0.5;

/** Three parts with digits among them, as in `1/2/26` and `Nov 22, 2026`. */
const mayBeDate = /^(?=(?:\D*\d){3})[\p{L}\d]+[,./ -]+[\p{L}\d]+[,./ -]+[\p{L}\d]/u;

/** Finds the format of times by texts that are not missing values; the more, the better. */
export function detectTimeFormat(texts: readonly string[]): TimeFinding {
  const utc = createTimeParser('standard', 'UTC');
  const needed = Math.max(1, texts.length * minShare);
  const standard = texts.filter((text) => !Number.isNaN(utc.parse(text)));
  if (standard.length >= needed)
    return { kind: 'found', format: 'standard', hasOffset: standard.every(hasStandardOffset) };
  if (texts.filter((text) => mayBeDate.test(text)).length < needed) return { kind: 'none' };
  // The texts of a day say the same about the order of day and month.
  const distinct = [...new Map(texts.map((text) => [text.slice(0, 11), text])).values()];
  knownParsers ??= createKnownParsers();
  const fits = knownParsers.flatMap(({ format, parse }) => {
    if (distinct.slice(0, 3).every((text) => Number.isNaN(parse(text)))) return [];
    const times = distinct.map(parse);
    return [{ format, key: times.join(), count: times.filter((ms) => !Number.isNaN(ms)).length }];
  });
  const most = Math.max(0, ...fits.map(({ count }) => count));
  if (most === 0 || most < distinct.length * minShare) return { kind: 'none' };
  const best = fits.filter(({ count }) => count === most);
  const different = best.filter(({ key }, index) => best.findIndex((one) => one.key === key) === index);
  const [first] = different;
  if (first === undefined || different.length > 1)
    return { kind: 'ambiguous', formats: different.map(({ format }) => format) };
  return { kind: 'found', format: first.format, hasOffset: first.format.endsWith('Z') };
}

/** Numbers since 1970 are in UTC. */
function hasStandardOffset(text: string): boolean {
  return epoch.test(text) || (iso.exec(text)?.[9] ?? basicIso.exec(text)?.[9]) !== undefined;
}

const timeOfDay = /^\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?[ap]\.?m\.?)?$/i;

/** `15:04:05`, `3:04 PM`. */
export function isTimeOfDay(text: string): boolean {
  return timeOfDay.test(text);
}
