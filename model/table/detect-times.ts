import { cleanTime } from './time-text.ts';
import {
  createCleanParser,
  createTimeParser,
  hasStandardOffset,
  isWithOffset,
  numericParsers,
  type TimeFormat,
} from './times.ts';

/** What the texts of a column say about the format of its times. */
export type TimeFinding =
  | { kind: 'found'; format: TimeFormat; hasOffset: boolean }
  /** Several formats fit, and differ in what they say. */
  | { kind: 'ambiguous'; formats: readonly string[] }
  | { kind: 'none' };

const dates = [
  ...['yyyy-M-d', 'yyyy/M/d', 'yyyy.M.d', 'd.M.yyyy', 'd.M.yy', 'yy.M.d', 'M.d.yyyy', 'M.d.yy'],
  ...['/', '-'].flatMap((mark) =>
    ['M-d-yyyy', 'd-M-yyyy', 'M-d-yy', 'd-M-yy', 'yy-M-d'].map((date) => date.replaceAll('-', mark)),
  ),
  ...['/', '-', '.', ' '].flatMap((mark) => [`d${mark}LLL${mark}yyyy`, `d${mark}LLL${mark}yy`]),
  ...[
    'LLL d H:mm:ss yyyy',
    'LLL d H:mm:ss yyyy ZZZ',
    'LLL d, yyyy',
    'LLL d yyyy',
    'yyyy LLL d',
    'yyyy-LLL-d',
  ],
];
const timesOfDay = [
  ...['H:mm', 'H:mm:ss', 'H:mm:ss.u', 'h:mm a', 'h:mm:ss a', 'h:mm:ss.u a', 'h.mm.ss a', 'h.mm.ss.u a'],
  ...['H.mm', 'H.mm.ss', "H'h'mm"],
];
/** Formats that are tried. Of two that say the same of all texts and have the same order, the first counts. */
const knownFormats = dates.flatMap((date) => [
  date,
  ...timesOfDay.flatMap((time) => [`${date} ${time}`, `${date} ${time} ZZZ`]),
]);
const createKnownParsers = () => knownFormats.map((format) => ({ format, parse: createCleanParser(format) }));
let knownParsers: ReturnType<typeof createKnownParsers> | undefined;

/** Only counts if no other format fits as many texts: dates with points begin with the day. */
const isRare = (format: string) => format.startsWith('M.d');

/** At least this share of the cells of a time column are times. */
const minShare = 0.5;

/** Three parts with digits among them, as in `1/2/26` and `Nov 22, 2026`. */
const mayBeDate = /^(?=(?:\D*\d){3})[\p{L}\d]+[,./ -]+[\p{L}\d]+[,./ -]+[\p{L}\d]/u;
const number = /^\d{8,19}(?:[.,]\d*)?$/;

/** Finds the format of times by texts that are not missing values; the more, the better. */
export function detectTimeFormat(texts: readonly string[]): TimeFinding {
  const needed = Math.max(1, texts.length * minShare);
  const numbers = texts.filter((text) => number.test(text));
  if (numbers.length >= needed) return detectNumericFormat(numbers, Date.now());
  const utc = createTimeParser('standard', 'UTC');
  const standard = texts.filter((text) => !Number.isNaN(utc.parse(text)));
  if (standard.length >= needed)
    return { kind: 'found', format: 'standard', hasOffset: standard.every(hasStandardOffset) };
  if (texts.filter((text) => /\d.*\d.*\d/.test(text)).length < needed) return { kind: 'none' };
  const clean = texts.map(cleanTime);
  if (clean.filter((text) => mayBeDate.test(text)).length < needed) return { kind: 'none' };
  // The texts of a day say the same about the order of day and month.
  const distinct = [...new Map(clean.map((text) => [text.slice(0, 11), text])).values()];
  knownParsers ??= createKnownParsers();
  const fits = knownParsers.flatMap(({ format, parse }) => {
    if (distinct.slice(0, 3).every((text) => Number.isNaN(parse(text)))) return [];
    const times = distinct.map(parse);
    return [{ format, times, count: times.filter((ms) => !Number.isNaN(ms)).length }];
  });
  const most = Math.max(0, ...fits.map(({ count }) => count));
  if (most === 0 || most < distinct.length * minShare) return { kind: 'none' };
  return toFinding(chooseFits(fits.filter(({ count }) => count === most)).map(({ format }) => format));
}

interface Fit {
  format: string;
  times: readonly number[];
}

/** The formats that differ in what they say, or would differ on other days. */
function chooseFits(fits: readonly Fit[]): readonly Fit[] {
  const usual = fits.filter(({ format }) => !isRare(format));
  const toKey = ({ format, times }: Fit) =>
    `${format.replace(/[^yMLd]/g, '').replace(/(.)\1+/g, '$1')} ${times}`;
  const byKey = new Map((usual.length > 0 ? usual : fits).toReversed().map((fit) => [toKey(fit), fit]));
  const different = [...byKey.values()].toReversed();
  // `22.11.26` is in November 2026, unless the year 2022 is the more probable one.
  const distanceMs = ({ times }: Fit) => Math.abs(Date.now() - (times.at(-1) ?? 0));
  const dayFirst = different.find(({ format }) => /^d\.M\.yy(?!y)/.test(format));
  return different.filter(
    (fit) => !dayFirst || !fit.format.startsWith('yy.M.d') || distanceMs(fit) < distanceMs(dayFirst),
  );
}

const compactFormats: Readonly<Record<number, readonly string[]>> = {
  8: ['yyyyMMdd', 'ddMMyyyy', 'MMddyyyy'],
  10: ['yyyyMMddHH', 'yyMMddHHmm'],
  12: ['yyyyMMddHHmm', 'yyMMddHHmmss'],
  14: ['yyyyMMddHHmmss'],
  17: ['yyyyMMddHHmmssSSS'],
};
const futureMs = 5 * 365 * 86_400_000;

/** Digits are a date if all of them can be; they count something if that gives times of this century. */
function detectNumericFormat(texts: readonly string[], nowMs: number): TimeFinding {
  const isBetween = (ms: number, first: number, end: number) => ms >= Date.UTC(first, 0) && ms < end;
  const compact = (compactFormats[texts[0]?.length ?? 0] ?? []).filter((format) => {
    const parse = createCleanParser(format);
    return texts.every((text) => isBetween(parse(text), 1970, Date.UTC(2101, 0)));
  });
  const counts = ['epoch', 'filetime', 'ticks'].filter((format) =>
    texts.some((text) => isBetween(numericParsers[format]?.(text) ?? 0, 2001, nowMs + futureMs)),
  );
  const [only] = counts;
  if (compact.length === 0 && only === 'epoch' && counts.length === 1)
    return { kind: 'found', format: 'standard', hasOffset: true };
  return toFinding([...compact, ...counts]);
}

function toFinding(formats: readonly string[]): TimeFinding {
  const [format] = formats;
  if (format === undefined) return { kind: 'none' };
  if (formats.length > 1) return { kind: 'ambiguous', formats };
  return { kind: 'found', format, hasOffset: isWithOffset(format) };
}
