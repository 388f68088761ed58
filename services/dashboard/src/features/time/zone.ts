import { fromAbsolute, getLocalTimeZone, toCalendarDateTime, toZoned } from '@internationalized/date';

/** A time zone, with its UTC offset at any time. */
export interface Zone {
  /** As in the URL: `local`, or an IANA name. */
  name: string;
  /** The IANA name: `UTC`, `Europe/Berlin`. */
  timeZone: string;
  /** The UTC offset at a time; positive if ahead of UTC. */
  offsetMs: (timeMs: number) => number;
}

export const localZoneName = 'local';
export const utcZoneName = 'UTC';

/** Since 1973, offsets have only changed at whole quarters of an hour. */
const quarterMs = 15 * 60_000;

/** `name` must pass `isZoneName`. Caches the last offset, because a series has thousands of nearby times. */
export function createZone(name: string): Zone {
  const timeZone = name === localZoneName ? getLocalTimeZone() : name;
  let known = { quarter: Number.NaN, offsetMs: 0 };
  return {
    name,
    timeZone,
    offsetMs: (timeMs) => {
      const quarter = Math.floor(timeMs / quarterMs);
      if (quarter !== known.quarter) {
        known = { quarter, offsetMs: fromAbsolute(quarter * quarterMs, timeZone).offset };
      }
      return known.offsetMs;
    },
  };
}

export function isZoneName(name: string): boolean {
  if (name === localZoneName) return true;
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** The wall-clock time as if it were UTC, to read its fields with the `getUTC…` methods. */
export function toWallMs(timeMs: number, zone: Zone): number {
  return timeMs + zone.offsetMs(timeMs);
}

/**
 * The inverse of `toWallMs`. A wall-clock time that occurs twice, when clocks go back, is the first of the two; one that
 * is skipped, when clocks go forward, is moved later by the skipped amount.
 */
export function fromWallMs(wallMs: number, zone: Zone): number {
  const wall = toCalendarDateTime(fromAbsolute(wallMs, utcZoneName));
  return toZoned(wall, zone.timeZone, 'compatible').toDate().getTime();
}

/** `UTC+01:00`; `UTC` without an offset. */
export function toOffsetText(timeMs: number, zone: Zone): string {
  const offsetMs = zone.offsetMs(timeMs);
  if (offsetMs === 0) return utcZoneName;
  const size = new Date(Math.abs(offsetMs)).toISOString().slice(11, 16);
  return `${utcZoneName}${offsetMs < 0 ? '−' : '+'}${size}`;
}
