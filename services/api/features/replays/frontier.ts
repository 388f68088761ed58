/** Up to where the rows of all loops were begun. */
export interface Frontier {
  /** 0: for ever. */
  loops: number;
  next_loop: number;
  next_row: number;
  /** Null until the end of the file was seen, which is within the first loop. */
  total_rows: number | null;
}

/** Rows of one loop, one after the other. */
export interface Stretch {
  loop: number;
  first_row: number;
  rows: number;
}

/** Whether there is nothing left to begin. */
export function isExhausted({ loops, next_loop, total_rows }: Frontier): boolean {
  return total_rows === 0 || (loops > 0 && next_loop >= loops);
}

/** At the end of the file, or beyond it, the next loop begins. */
export function wrapFrontier<F extends Frontier>(frontier: F): F {
  const { next_loop, next_row, total_rows } = frontier;
  if (total_rows === null || next_row < total_rows) return frontier;
  return { ...frontier, next_loop: next_loop + 1, next_row: 0 };
}

/** The next rows, at most so many, and the frontier behind them; undefined where there are none. */
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

/** The newest loop of which anything was begun. */
export function toNewestLoop({ next_loop, next_row }: Frontier): number {
  return next_row > 0 ? next_loop : Math.max(0, next_loop - 1);
}
