import type { Lease, ReplayOutcomes } from '@sensor-sentinel/contracts';

/** `duplicate`: stored, but by an earlier request. */
export type RowResult = 'stored' | 'duplicate' | 'rejected' | 'bad' | 'dropped';

const open = 0;
const resultOfMark = [undefined, 'stored', 'duplicate', 'rejected', 'bad', 'dropped'] as const;

export type ChunkBook = ReturnType<typeof createChunkBook>;

/** Records the rows of a lease in any order; `done_rows` counts from the first row up to the first that is open. */
export function createChunkBook({
  first_row,
  rows,
  done_rows,
}: Pick<Lease, 'first_row' | 'rows' | 'done_rows'>) {
  const marks = new Uint8Array(rows);
  const outcomes: ReplayOutcomes = { stored: 0, rejected: 0, bad: 0, dropped: 0, duplicates: 0 };
  let done = done_rows;
  let length = rows;

  function countDone(): void {
    while (done < length) {
      const result = resultOfMark[marks[done] ?? open];
      if (result === undefined) return;
      outcomes[result === 'duplicate' ? 'stored' : result] += 1;
      if (result === 'duplicate') outcomes.duplicates += 1;
      done += 1;
    }
  }

  return {
    /** `row` is the index in the file. */
    settle(row: number, result: RowResult): void {
      marks[row - first_row] = resultOfMark.indexOf(result);
      countDone();
    },
    /** Shortens the chunk to the end of the file. */
    endAt(totalRows: number): void {
      length = Math.min(length, Math.max(done_rows, totalRows - first_row));
    },
    isDone: () => done >= length,
    toAck: () => ({ done_rows: done, outcomes: { ...outcomes } }),
  };
}
