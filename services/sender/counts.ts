import { createHistogram } from 'node:perf_hooks';

/** What has happened so far. `rows_read` is the sum of accepted, rejected, bad, unreadable and unfinished, once none is in flight. */
export type Counts = ReturnType<typeof createCounts>;

export function createCounts() {
  return {
    rows_read: 0,
    accepted: 0,
    replayed: 0,
    rejected: 0,
    bad_rows: 0,
    unreadable_answers: 0,
    unfinished: 0,
    backfilled: 0,
    retries: 0,
    anomalies: 0,
    /** Which pass over the file the newest row is of. */
    pass: 0,
    /** On the elapsed clock, once the API is ready. */
    startedAt: undefined as number | undefined,
    /** From the first attempt to the answer, of readings sent one by one. */
    latencyUs: createHistogram({ figures: 3 }),
  };
}
