/** Arrivals of a sensor that are this close together are one arrival, such as the readings of a batch. */
const sameArrivalMs = 100;
/** The weight of the newest gap in the mean. */
const weight = 0.1;
/** A gap longer than this many means is an outage, from which nothing is learned. */
const outageFactor = 10;
export const minGaps = 5;
/** After this many outages without a usual gap in between, the sensor sends at a new interval. */
const maxOutages = 5;

/** When the newest reading of a sensor arrived, and what is known about the gaps between arrivals. Plain JSON. */
export interface Arrivals {
  newestMs: number;
  meanGapMs: number;
  gaps: number;
  /** Outages since the newest usual gap. */
  outages: number;
}

/** The usual time between two arrivals of a sensor; null until enough gaps are known. */
export function usualIntervalMs({ meanGapMs, gaps }: Arrivals): number | null {
  return gaps < minGaps ? null : meanGapMs;
}

export function createArrivals(): Arrivals {
  return { newestMs: Number.MIN_SAFE_INTEGER, meanGapMs: 0, gaps: 0, outages: 0 };
}

export function addArrival(arrivals: Arrivals, receivedMs: number): void {
  const isFirst = arrivals.newestMs === Number.MIN_SAFE_INTEGER;
  const gapMs = receivedMs - arrivals.newestMs;
  arrivals.newestMs = Math.max(arrivals.newestMs, receivedMs);
  if (!isFirst && gapMs > sameArrivalMs) addGap(arrivals, gapMs);
}

function addGap(arrivals: Arrivals, gapMs: number): void {
  const isOutage = arrivals.gaps > 0 && gapMs > outageFactor * arrivals.meanGapMs;
  arrivals.outages = isOutage ? arrivals.outages + 1 : 0;
  if (arrivals.outages === maxOutages) Object.assign(arrivals, { gaps: 0, outages: 0 });
  else if (isOutage) return;
  arrivals.meanGapMs =
    arrivals.gaps === 0 ? gapMs : arrivals.meanGapMs + weight * (gapMs - arrivals.meanGapMs);
  arrivals.gaps += 1;
}
