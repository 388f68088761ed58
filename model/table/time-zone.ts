import { Info, type Zone } from 'luxon';

export interface LocalClock {
  /** UTC of a local time; of a repeated hour, the first that is not before `previousMs`. Both in milliseconds since 1970. */
  toUtcMs: (localMs: number, previousMs: number | undefined) => number;
  /** Times in an hour that repeats, and in one that is missing, at a change of daylight saving time. */
  counts: { repeated: number; missing: number };
}

const dayMs = 86_400_000;
const minuteMs = 60_000;

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
  const counts = { repeated: 0, missing: 0 };
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

  function toUtcMs(localMs: number, previousMs: number | undefined): number {
    const { beforeMs, afterMs } = findOffsets(localMs);
    const [first, second] = [localMs - beforeMs, localMs - afterMs];
    if (beforeMs === afterMs) return first;
    const [isFirst, isSecond] = [offsetMs(first) === beforeMs, offsetMs(second) === afterMs];
    if (isFirst && isSecond) {
      counts.repeated += 1;
      return previousMs !== undefined && first < previousMs ? second : first;
    }
    if (!isFirst && !isSecond) counts.missing += 1;
    return isSecond ? second : first;
  }

  return { toUtcMs, counts };
}
