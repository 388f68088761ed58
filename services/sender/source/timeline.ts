/** The position of a row in file time, which passes as the timestamps of the file do. */
export interface Moment {
  /** Since the first row, with long pauses shortened. */
  offsetMs: number;
  /** Since the previous row. */
  gapMs: number;
  lastMs: number | undefined;
}

export const beginning: Moment = { offsetMs: 0, gapMs: 0, lastMs: undefined };

/** A row older than the previous one follows it immediately. `maxGapMs` 0: pauses are not shortened. */
export function advance(moment: Moment, timestampMs: number | undefined, maxGapMs: number): Moment {
  if (timestampMs === undefined) return moment;
  const pauseMs = Math.max(0, timestampMs - (moment.lastMs ?? timestampMs));
  const gapMs = maxGapMs > 0 ? Math.min(pauseMs, maxGapMs) : pauseMs;
  return { offsetMs: moment.offsetMs + gapMs, gapMs, lastMs: timestampMs };
}
