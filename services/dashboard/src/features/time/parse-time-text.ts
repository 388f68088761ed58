import { fromWallMs, toWallMs, type Zone } from './zone.ts';

export interface ParsedTime {
  timeMs: number;
  /** The end of the period that the text names, exclusive: for a day, the next day. Equal to `timeMs` for an exact time. */
  untilMs: number;
}

interface Here {
  zone: Zone;
  nowMs: number;
}

const dayMs = 86_400_000;

const units: readonly (readonly [RegExp, number])[] = [
  [/^s(ec(ond)?s?)?$/, 1000],
  [/^m(in(ute)?s?)?$/, 60_000],
  [/^h(ours?|rs?)?$/, 3_600_000],
  [/^d(ays?)?$/, dayMs],
  [/^w(eeks?)?$/, 7 * dayMs],
];

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

function exactly(timeMs: number): ParsedTime {
  return { timeMs, untilMs: timeMs };
}

/** `now`, `now-15m`, `-2 h`, `3 days ago` */
function parseRelative(text: string, { nowMs }: Here): ParsedTime | null {
  if (text === 'now') return exactly(nowMs);
  const match = /^(?:now\s*)?[-−]\s*(\d+)\s*([a-z]+)$|^(\d+)\s*([a-z]+)\s+ago$/.exec(text);
  if (match === null) return null;
  const amount = Number(match[1] ?? match[3]);
  const unit = units.find(([pattern]) => pattern.test(match[2] ?? match[4] ?? ''));
  return unit === undefined ? null : exactly(nowMs - amount * unit[1]);
}

/** Midnight of a date, as milliseconds since 1970; null if the date does not exist. */
function toDayMs(year: number, month: number, day: number): number | null {
  const timeMs = Date.UTC(year, month - 1, day);
  const date = new Date(timeMs);
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && year >= 1000;
  return isReal ? timeMs : null;
}

/** `2026-11-22`, `2026/11/22`, `22.11.2026`, `22 Nov 2026`, `Nov 22, 2026`, `today`, `yesterday` */
function parseDate(text: string, { zone, nowMs }: Here): number | null {
  const todayMs = Math.floor(toWallMs(nowMs, zone) / dayMs) * dayMs;
  if (text === '' || text === 'today') return todayMs;
  if (text === 'yesterday') return todayMs - dayMs;
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text);
  if (iso !== null) return toDayMs(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text);
  if (dotted !== null) return toDayMs(Number(dotted[3]), Number(dotted[2]), Number(dotted[1]));
  const named = /^(?:(\d{1,2})\.? ([a-z]{3})[a-z]*|([a-z]{3})[a-z]* (\d{1,2})),? (\d{4})$/.exec(text);
  const month = months.indexOf(named?.[2] ?? named?.[3] ?? '') + 1;
  if (named === null || month === 0) return null;
  return toDayMs(Number(named[5]), month, Number(named[1] ?? named[4]));
}

const clockPattern = /^(\d{1,2})(?::(\d{2})(?::(\d{2})(?:[.,](\d{1,3})\d*)?)?)? ?(am|pm)?$/;

/** Milliseconds since midnight, from `9:30`, `09:30:05.123`, `2:30 pm` */
function parseClock(text: string): number | null {
  const match = clockPattern.exec(text);
  if (match === null) return null;
  const [, hourText = '', minuteText = '0', secondText = '0', fraction = '', half] = match;
  if (half === undefined && match[2] === undefined) return null;
  const given = Number(hourText);
  if (half !== undefined && (given < 1 || given > 12)) return null;
  const hour = half === undefined ? given : (given % 12) + (half === 'pm' ? 12 : 0);
  const [minute, second] = [Number(minuteText), Number(secondText)];
  if (hour > 23 || minute > 59 || second > 59) return null;
  return ((hour * 60 + minute) * 60 + second) * 1000 + Number(fraction.padEnd(3, '0'));
}

/** The UTC offset in milliseconds, from `Z`, `+01:00`, `-0530`; null if invalid. */
function parseOffset(text: string): number | null {
  if (text === 'z' || text === 'utc') return 0;
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(text);
  if (match === null) return null;
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * 60_000;
}

const partsPattern =
  /^(?<date>.*?)(?:(?:^|t| )(?<clock>\d{1,2}(?::\d{2}){1,2}(?:[.,]\d+)?(?: ?[ap]m)?|\d{1,2} ?[ap]m)(?: ?(?<offset>z|utc|[+-]\d{2}:?\d{2}))?)?$/;

/** Parses a time typed by a user, in the time zone; null if it is not understood. */
export function parseTimeText(typed: string, here: Here): ParsedTime | null {
  const text = typed.trim().toLowerCase().replace(/\s+/g, ' ');
  if (text === '') return null;
  const relative = parseRelative(text, here);
  if (relative !== null) return relative;
  const unix = /^(\d{10}|\d{13})$/.exec(text);
  if (unix !== null) return exactly(Number(text) * (text.length === 10 ? 1000 : 1));
  const parts = partsPattern.exec(text)?.groups;
  const day = parseDate((parts?.date ?? '').replace(/[ ,t]$/, ''), here);
  if (parts === undefined || day === null) return null;
  if (parts.clock === undefined) {
    return { timeMs: fromWallMs(day, here.zone), untilMs: fromWallMs(day + dayMs, here.zone) };
  }
  const clock = parseClock(parts.clock);
  if (clock === null) return null;
  const offset = parts.offset === undefined ? null : parseOffset(parts.offset);
  return exactly(offset === null ? fromWallMs(day + clock, here.zone) : day + clock - offset);
}
