import type { Lease, ReplayOutcomes } from '@sensor-sentinel/contracts';

export type RowOutcome = 'stored' | 'replayed' | 'rejected' | 'bad' | 'dropped';

const open = 0;
const outcomeOfMark = [undefined, 'stored', 'replayed', 'rejected', 'bad', 'dropped'] as const;

export type ChunkBook = ReturnType<typeof createChunkBook>;

/** What became of the rows of a lease, in whatever order; what is done is counted from its first row, without a gap. */
export function createChunkBook({
  first_row,
  rows,
  done_rows,
}: Pick<Lease, 'first_row' | 'rows' | 'done_rows'>) {
  const marks = new Uint8Array(rows);
  const outcomes: ReplayOutcomes = { stored: 0, rejected: 0, bad: 0, dropped: 0, replayed: 0 };
  let done = done_rows;
  let length = rows;

  function countOn(): void {
    while (done < length) {
      const outcome = outcomeOfMark[marks[done] ?? open];
      if (outcome === undefined) return;
      outcomes[outcome === 'replayed' ? 'stored' : outcome] += 1;
      if (outcome === 'replayed') outcomes.replayed += 1;
      done += 1;
    }
  }

  return {
    /** `row` is that of the file. */
    settle(row: number, outcome: RowOutcome): void {
      marks[row - first_row] = outcomeOfMark.indexOf(outcome);
      countOn();
    },
    /** The file has no more rows than these. */
    endAt(totalRows: number): void {
      length = Math.min(length, Math.max(done_rows, totalRows - first_row));
    },
    isDone: () => done >= length,
    toAck: () => ({ done_rows: done, outcomes: { ...outcomes } }),
  };
}
