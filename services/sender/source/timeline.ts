/** Where a row stands in the time of its file. */
export type Moment = {
  /** Since the first row, longer pauses shortened. */
  offsetMs: number;
  /** Since the row before. */
  gapMs: number;
  lastMs: number | undefined;
};

export const beginning: Moment = { offsetMs: 0, gapMs: 0, lastMs: undefined };

/** A row that is older than the one before it follows at once; `maxGapMs` 0: pauses stay as they are. */
export function advance(moment: Moment, timestampMs: number | undefined, maxGapMs: number): Moment {
  if (timestampMs === undefined) return moment;
  const pauseMs = Math.max(0, timestampMs - (moment.lastMs ?? timestampMs));
  const gapMs = maxGapMs > 0 ? Math.min(pauseMs, maxGapMs) : pauseMs;
  return { offsetMs: moment.offsetMs + gapMs, gapMs, lastMs: timestampMs };
}
