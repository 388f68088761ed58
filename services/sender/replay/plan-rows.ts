import type { Outgoing, SentReading } from '../load/outgoing.ts';
import type { Log } from '../log.ts';
import type { RowFaults } from '../schedule/faults.ts';
import type { Schedule, ScheduledRow } from '../schedule/schedule.ts';
import type { RowReader, ValidRow } from '../source/row-reader.ts';
import type { RowTally } from '../source/row-tally.ts';
import type { Chunk } from './leases.ts';
import { toReadingId } from './reading-ids.ts';

/** `row` is the row itself; `duplicate` and `garbage` are faults that are sent in addition. */
export interface PlannedRow {
  outgoing: Outgoing;
  kind: 'row' | 'duplicate' | 'garbage';
  /** The index in the file. */
  row: number;
  label: 0 | 1 | undefined;
}

/** What this sender did with the rows of the file. What the API answered is counted by the measures. */
export function createRowCounts() {
  return {
    /** Bad, skipped, left out or sent. */
    rows: 0,
    bad_rows: 0,
    /** Without a reading. */
    skipped_rows: 0,
    /** Faults on purpose. */
    left_out: 0,
    doubled: 0,
    delayed: 0,
    labels_stored: 0,
    labels_rejected: 0,
    /** Rows stored by the backfill. */
    backfilled: 0,
    /** The latest loop, counted from 1. */
    loop: 0,
  };
}

export type RowCounts = ReturnType<typeof createRowCounts>;

export interface PlanOptions {
  reader: Pick<RowReader, 'name' | 'read' | 'lengthMs'>;
  schedule: Schedule;
  counts: RowCounts;
  /** For bad rows of the first loop. */
  log: Log;
  /** Counts the rows of the first loop. */
  tally: RowTally;
}

/** What is sent of a chunk, in this order; the other rows are settled here. Ends early when the chunk is lost. */
export async function* planRows(chunk: Chunk, options: PlanOptions): AsyncGenerator<PlannedRow> {
  const { reader, schedule, counts, log, tally } = options;
  const { loop, first_row, rows, done_rows } = chunk.lease;
  const loopStartMs = loop > 0 && schedule.usesFileTime ? loop * (await reader.lengthMs()) : 0;
  const plan = { chunk, schedule, counts, loopStartMs };
  let delayed: { releaseAt: number; row: ValidRow; faults: RowFaults }[] = [];
  counts.loop = Math.max(counts.loop, loop + 1);
  for await (const part of reader.read(first_row + done_rows, rows - done_rows)) {
    for (const row of part) {
      if (chunk.isLost) return;
      counts.rows += 1;
      if (loop === 0) tally.add(row);
      if ('skipped' in row) {
        counts.skipped_rows += 1;
        chunk.book.settle(row.index, 'dropped');
      } else if ('fault' in row) {
        counts.bad_rows += 1;
        if (loop === 0) log(`${reader.name}:${row.line}: ${row.fault}`);
        chunk.book.settle(row.index, 'bad');
      } else {
        const faults = schedule.faultsOf({ loop, row: row.index });
        if (faults.isDropped) {
          counts.left_out += 1;
          chunk.book.settle(row.index, 'dropped');
        } else if (faults.laterByRows > 0) {
          counts.delayed += 1;
          delayed.push({ releaseAt: row.index + faults.laterByRows, row, faults });
        } else {
          yield* planRow(row, faults, plan);
        }
      }
      if (delayed.length > 0) {
        for (const late of delayed.filter(({ releaseAt }) => releaseAt <= row.index))
          yield* planRow(late.row, late.faults, plan);
        delayed = delayed.filter(({ releaseAt }) => releaseAt > row.index);
      }
    }
  }
  for (const late of delayed) yield* planRow(late.row, late.faults, plan);
}

interface Plan {
  chunk: Chunk;
  schedule: Schedule;
  counts: RowCounts;
  /** In file time. */
  loopStartMs: number;
}

/** A row with its id, timestamp and due time, and the faults that are sent with it. */
function* planRow(
  row: ValidRow,
  { isDoubled, garbage }: RowFaults,
  { chunk, schedule, counts, loopStartMs }: Plan,
): Generator<PlannedRow> {
  const { loop } = chunk.lease;
  const { index, line, moment, label, timestampMs } = row;
  const offsetMs = loopStartMs + moment.offsetMs;
  const scheduled: ScheduledRow = { loop, row: index, offsetMs, gapMs: moment.gapMs, timestampMs };
  const dueAtMs = schedule.dueAtMs(scheduled);
  const timestamp = schedule.timestampOf(scheduled);
  const id = toReadingId(chunk.ids, { loop, row: index });
  const reading: SentReading = { ...row.reading, id };
  if (timestamp !== undefined) reading.timestamp = timestamp;
  const outgoing: Outgoing = { reading, line, ...(dueAtMs !== undefined && { dueAtMs }) };
  if (garbage !== undefined)
    yield { outgoing: { ...outgoing, garbage }, kind: 'garbage', row: index, label: undefined };
  yield { outgoing, kind: 'row', row: index, label };
  if (!isDoubled) return;
  counts.doubled += 1;
  yield { outgoing: { ...outgoing }, kind: 'duplicate', row: index, label: undefined };
}
