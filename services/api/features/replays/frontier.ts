/** The next row to lease: all earlier rows and loops are leased or done. */
export interface Frontier {
  /** 0: no limit. */
  loops: number;
  next_loop: number;
  next_row: number;
  /** Null until a sender reaches the end of the file, within the first loop. */
  total_rows: number | null;
}

/** Consecutive rows of one loop. */
export interface Stretch {
  loop: number;
  first_row: number;
  rows: number;
}

/** Whether all rows of all loops are leased or done. */
export function isExhausted({ loops, next_loop, total_rows }: Frontier): boolean {
  return total_rows === 0 || (loops > 0 && next_loop >= loops);
}

/** At or after the end of the file, moves to the start of the next loop. */
export function wrapFrontier<F extends Frontier>(frontier: F): F {
  const { next_loop, next_row, total_rows } = frontier;
  if (total_rows === null || next_row < total_rows) return frontier;
  return { ...frontier, next_loop: next_loop + 1, next_row: 0 };
}

/** The next rows, at most `maxRows`, and the frontier after them; undefined if none are left. */
export function takeStretch<F extends Frontier>(
  frontier: F,
  maxRows: number,
): { stretch: Stretch; frontier: F } | undefined {
  if (isExhausted(frontier)) return undefined;
  const { next_loop: loop, next_row: first_row, total_rows } = frontier;
  const rows = Math.min(maxRows, (total_rows ?? Number.POSITIVE_INFINITY) - first_row);
  return {
    stretch: { loop, first_row, rows },
    frontier: wrapFrontier({ ...frontier, next_row: first_row + rows }),
  };
}

/** Leases per sender of a replay whose rows are shared evenly: one that starts late, or is slow, still gets its part. */
const leasesPerSender = 8;

/** The largest number of rows per lease if the rows of all loops are shared evenly; no limit while the end is unknown. */
export function toEvenRows({ loops, total_rows }: Frontier, senders: number): number {
  if (total_rows === null || loops === 0) return Number.POSITIVE_INFINITY;
  return Math.max(1, Math.floor((total_rows * loops) / (leasesPerSender * senders)));
}

/** Whether no row has been leased yet. */
export function isUntouched({ next_loop, next_row }: Frontier): boolean {
  return next_loop === 0 && next_row === 0;
}

/** The newest loop with leased or done rows. */
export function toNewestLoop({ next_loop, next_row }: Frontier): number {
  return next_row > 0 ? next_loop : Math.max(0, next_loop - 1);
}
