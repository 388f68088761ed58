import { Info, type Zone } from 'luxon';

/** The times of sensors near an hour that repeats: only those of the same sensor tell which of the two hours it is. */
export interface RecentTimes {
  /** The sensor of the row that is read. */
  sensor: string;
  /** By sensor: its last time, and the step to it from the time before. In milliseconds. */
  last: Map<string, { ms: number; stepMs: number }>;
  /** Whether `last` is copied before it changes. */
  isShared: boolean;
}

export interface LocalClock {
  /** UTC of a local time; both in milliseconds since 1970. Of a repeated hour, that which continues the times of the sensor. */
  toUtcMs: (localMs: number, recent?: RecentTimes) => number;
  /**
   * Times in an hour that repeats, and in one that is missing, at a change of daylight saving time; and times that were taken for
   * the first of two hours because there were too many sensors.
   */
  counts: { repeated: number; missing: number; unknown: number };
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const maxSensors = 2000;

function toZone(name: string): Zone {
  return Info.normalizeZone(
    name.replace(/^(?:utc|gmt)?\s*(?=[+-]\d)/i, 'UTC').replace(/^(UTC[+-]\d\d)(\d\d)$/, '$1:$2'),
  );
}

/** Accepts names of the IANA database, `UTC` and offsets as in `+02:00`. */
export function isTimeZone(name: string): boolean {
  return toZone(name).isValid;
}

/** @param name a valid time zone */
export function createLocalClock(name: string): LocalClock {
  const zone = toZone(name);
  const counts = { repeated: 0, missing: 0, unknown: 0 };
  let cached = { day: Number.NaN, beforeMs: 0, afterMs: 0 };
  const offsetMs = (utcMs: number) => zone.offset(utcMs) * minuteMs;

  /** The offsets a day before and a day after, which differ near a change. */
  function findOffsets(localMs: number) {
    const day = Math.floor(localMs / dayMs);
    if (day !== cached.day) {
      const noon = day * dayMs + dayMs / 2;
      cached = { day, beforeMs: offsetMs(noon - dayMs), afterMs: offsetMs(noon + dayMs) };
    }
    return cached;
  }

  /** Keeps the times within some hours of the end of daylight saving time. */
  function remember(ms: number, recent: RecentTimes): void {
    if (offsetMs(ms - 3 * hourMs) === offsetMs(ms + 3 * hourMs)) return;
    const before = recent.last.get(recent.sensor);
    if (before === undefined && recent.last.size >= maxSensors) return;
    if (recent.isShared) recent.last = new Map(recent.last);
    recent.isShared = false;
    recent.last.set(recent.sensor, { ms, stepMs: ms - (before?.ms ?? ms) });
  }

  function chooseHour(first: number, second: number, recent: RecentTimes | undefined): number {
    counts.repeated += 1;
    const before = recent?.last.get(recent.sensor);
    if (before === undefined) {
      if (recent !== undefined && recent.last.size >= maxSensors) counts.unknown += 1;
      return first;
    }
    const backMs = before.ms - first;
    // Of another year, if files were joined.
    if (Math.abs(backMs) > 6 * hourMs) return first;
    const isAfterChange = offsetMs(before.ms) === offsetMs(second);
    // A sensor may send single times out of order, or all in descending order.
    if (isAfterChange && before.stepMs >= 0) return backMs > minuteMs ? second : first;
    const expected = before.ms + Math.max(-hourMs, Math.min(hourMs, before.stepMs));
    const isNear = Math.abs(second - expected) <= Math.abs(first - expected);
    const isRegular = Math.abs(second - expected) < minuteMs;
    return isNear && (backMs >= hourMs / 2 || isRegular) ? second : first;
  }

  function toUtcMs(localMs: number, recent?: RecentTimes): number {
    const { beforeMs, afterMs } = findOffsets(localMs);
    const [first, second] = [localMs - beforeMs, localMs - afterMs];
    if (beforeMs === afterMs) return first;
    const [isFirst, isSecond] = [offsetMs(first) === beforeMs, offsetMs(second) === afterMs];
    if (!isFirst && !isSecond) counts.missing += 1;
    const ms = isFirst && isSecond ? chooseHour(first, second, recent) : isSecond ? second : first;
    if (recent !== undefined && beforeMs > afterMs) remember(ms, recent);
    return ms;
  }

  return { toUtcMs, counts };
}
