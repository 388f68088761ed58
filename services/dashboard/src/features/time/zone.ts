/** A time zone, defined by its UTC offset at any time. */
export interface Zone {
  /** `local`, or an IANA name: `UTC`, `Europe/Berlin`. */
  name: string;
  /** The UTC offset at a time; positive if ahead of UTC. */
  offsetMs: (timeMs: number) => number;
}

export const localZoneName = 'local';
export const utcZoneName = 'UTC';

/** Since 1973, offsets have only changed at whole quarters of an hour. */
const quarterMs = 15 * 60_000;

export function isZoneName(name: string): boolean {
  if (name === localZoneName) return true;
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const viewerZoneName = Intl.DateTimeFormat().resolvedOptions().timeZone;

export function toZoneName(zone: Zone): string {
  return zone.name === localZoneName ? viewerZoneName : zone.name;
}

function createOffsetReader(name: string): (timeMs: number) => number {
  const numeric = { year: 'numeric', month: 'numeric', day: 'numeric', era: 'short' } as const;
  const clock = { hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' } as const;
  const format = new Intl.DateTimeFormat('en-US', { timeZone: name, ...numeric, ...clock });
  return (timeMs) => {
    const parts = Object.fromEntries(format.formatToParts(timeMs).map(({ type, value }) => [type, value]));
    const year = parts.era === 'BC' ? 1 - Number(parts.year) : Number(parts.year);
    const wallMs = Date.UTC(year, Number(parts.month) - 1, Number(parts.day));
    const clockMs = (Number(parts.hour) * 60 + Number(parts.minute)) * 60_000 + Number(parts.second) * 1000;
    return wallMs + clockMs - Math.floor(timeMs / 1000) * 1000;
  };
}

/** `name` must pass `isZoneName`. Caches the last offset, because a series has thousands of nearby times. */
export function createZone(name: string): Zone {
  const readOffset =
    name === localZoneName
      ? (timeMs: number) => -new Date(timeMs).getTimezoneOffset() * 60_000
      : createOffsetReader(name);
  let known = { quarter: Number.NaN, offsetMs: 0 };
  return {
    name,
    offsetMs: (timeMs) => {
      const quarter = Math.floor(timeMs / quarterMs);
      if (quarter !== known.quarter) known = { quarter, offsetMs: readOffset(quarter * quarterMs) };
      return known.offsetMs;
    },
  };
}

/** The time zone of the browser. */
export const viewerZone: Zone = createZone(localZoneName);

/** The wall-clock time as if it were UTC, to read its fields with the `getUTC…` methods. */
export function toWallMs(timeMs: number, zone: Zone): number {
  return timeMs + zone.offsetMs(timeMs);
}

/**
 * The inverse of `toWallMs`. A wall-clock time that occurs twice, when clocks go back, is the first of the two; one that
 * is skipped, when clocks go forward, is moved later by the skipped amount.
 */
export function fromWallMs(wallMs: number, zone: Zone): number {
  const dayMs = 86_400_000;
  const before = wallMs - zone.offsetMs(wallMs - dayMs);
  const after = wallMs - zone.offsetMs(wallMs + dayMs);
  if (toWallMs(before, zone) === wallMs) return before;
  return toWallMs(after, zone) === wallMs ? after : before;
}

/** `+01:00` */
export function toOffsetText(timeMs: number, zone: Zone): string {
  const minutes = Math.round(zone.offsetMs(timeMs) / 60_000);
  const padded = (value: number) => String(value).padStart(2, '0');
  const sign = minutes < 0 ? '-' : '+';
  return `${sign}${padded(Math.floor(Math.abs(minutes) / 60))}:${padded(Math.abs(minutes) % 60)}`;
}
