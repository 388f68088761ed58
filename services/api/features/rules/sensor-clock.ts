/** How long a sensor must be behind by the same time until its readings are taken for live ones. */
const steadyMs = 60_000;
/** How much the delay of a steadily slow clock may vary. */
const steadyWithinMs = 30_000;

/** The clock of a sensor, by its readings. Plain JSON. */
export interface SensorClock {
  /** Never goes back. */
  nowMs: number;
  /** The newest timestamp that is not in the future. */
  newestTimestampMs: number;
  /** The first of the old readings that are behind by about the same time. */
  anchor: { offsetMs: number; receivedMs: number } | null;
}

/** How a reading relates to the clock of its sensor. */
export interface ClockedReading {
  clockMs: number;
  /** An old reading of a sensor that is not steadily behind. */
  isBackfill: boolean;
  /** An earlier arrival has a newer timestamp. */
  isLate: boolean;
}

export function createSensorClock(): SensorClock {
  return { nowMs: Number.MIN_SAFE_INTEGER, newestTimestampMs: Number.MIN_SAFE_INTEGER, anchor: null };
}

/** Moves the clock to a reading: to its timestamp if that is plausible, or to its arrival. */
export function moveClock(
  clock: SensorClock,
  { timestampMs, receivedMs }: { timestampMs: number; receivedMs: number },
  skewMs: number,
): ClockedReading {
  const offsetMs = receivedMs - timestampMs;
  const isPlausible = Math.abs(offsetMs) <= skewMs;
  clock.nowMs = Math.max(clock.nowMs, isPlausible ? timestampMs : receivedMs);
  const isLate = timestampMs < clock.newestTimestampMs;
  if (offsetMs >= -skewMs) clock.newestTimestampMs = Math.max(clock.newestTimestampMs, timestampMs);
  const isOld = offsetMs > skewMs;
  if (!isOld) clock.anchor = null;
  return {
    clockMs: clock.nowMs,
    isBackfill: isOld && !isSteadilyBehind(clock, offsetMs, receivedMs),
    isLate,
  };
}

function isSteadilyBehind(clock: SensorClock, offsetMs: number, receivedMs: number): boolean {
  const { anchor } = clock;
  if (anchor && Math.abs(offsetMs - anchor.offsetMs) <= steadyWithinMs)
    return receivedMs - anchor.receivedMs >= steadyMs;
  clock.anchor = { offsetMs, receivedMs };
  return false;
}
