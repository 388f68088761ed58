/** What this sender did with the rows of the file; what became of those it sent is measured apart. */
export type FileCounts = ReturnType<typeof createFileCounts>;

export function createFileCounts() {
  return {
    /** That it took in hand: bad, left out or sent. */
    rows: 0,
    bad_rows: 0,
    /** Faults that were asked for. */
    left_out: 0,
    doubled: 0,
    delayed: 0,
    labels_stored: 0,
    labels_rejected: 0,
    /** Rows of the past that an empty API was given. */
    backfilled: 0,
    /** The newest loop, counted from 1. */
    loop: 0,
  };
}
