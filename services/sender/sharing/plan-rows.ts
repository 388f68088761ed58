import type { ReadingInput } from '@sensor-sentinel/contracts';
import type { Outgoing } from '../load/outgoing.ts';
import type { DueTimes } from '../schedule/due-times.ts';
import type { RowFaults } from '../schedule/faults.ts';
import type { Row, RowReader } from '../source/row-reader.ts';
import type { FileCounts } from './file-counts.ts';
import type { Chunk } from './lease-chunks.ts';

/** `row`: the row itself; the others are sent besides it. */
export type Planned = {
  outgoing: Outgoing;
  kind: 'row' | 'dup' | 'garbage';
  row: number;
  label: 0 | 1 | undefined;
};

/** A row in the time of the replay. */
export type Placed = {
  loop: number;
  row: number;
  offsetMs: number;
  gapMs: number;
  timestampMs: number | undefined;
};

export type PlanOptions = {
  reader: Pick<RowReader, 'read' | 'totalRows'>;
  counts: FileCounts;
  toId: (loop: number, row: number) => string;
  /** Undefined: when it arrives. */
  toTimestamp: (placed: Placed) => string | undefined;
  /** How long the loops before it last, in the time of the file. */
  toLoopStart: (loop: number) => Promise<number>;
  dueTimes: Pick<DueTimes, 'of'>;
  toFaults: (at: { loop: number; row: number }) => RowFaults;
  onBadRow: (row: { loop: number; line: number; fault: string }) => void;
};

type Sound = Extract<Row, { reading: unknown }>;
type Held = { releaseAt: number; row: Sound };

/** What is to be sent of a chunk, in this order; what is not to be sent is settled. Ends early where the chunk is lost. */
export async function* planRows(chunk: Chunk, options: PlanOptions): AsyncGenerator<Planned> {
  const { reader, counts, toFaults } = options;
  const { loop, first_row, rows, done_rows } = chunk.lease;
  const loopStartMs = await options.toLoopStart(loop);
  const toPlanned = createToPlanned({ ...options, loop, loopStartMs });
  let held: Held[] = [];
  counts.loop = Math.max(counts.loop, loop + 1);
  for await (const part of reader.read(first_row + done_rows, rows - done_rows)) {
    for (const row of part) {
      if (chunk.isLost) return;
      counts.rows += 1;
      if ('fault' in row) {
        counts.bad_rows += 1;
        options.onBadRow({ loop, ...row });
        chunk.book.settle(row.index, 'bad');
      } else {
        const faults = toFaults({ loop, row: row.index });
        if (faults.isDropped) {
          counts.left_out += 1;
          chunk.book.settle(row.index, 'dropped');
        } else if (faults.laterByRows > 0) {
          counts.delayed += 1;
          held.push({ releaseAt: row.index + faults.laterByRows, row });
        } else {
          yield* toPlanned(row, faults);
        }
      }
      if (held.length > 0) {
        for (const late of held.filter(({ releaseAt }) => releaseAt <= row.index))
          yield* toPlanned(late.row, toFaults({ loop, row: late.row.index }));
        held = held.filter(({ releaseAt }) => releaseAt > row.index);
      }
    }
  }
  for (const { row } of held) yield* toPlanned(row, toFaults({ loop, row: row.index }));
}

function createToPlanned(options: PlanOptions & { loop: number; loopStartMs: number }) {
  const { counts, toId, toTimestamp, dueTimes, loop, loopStartMs } = options;
  return function* toPlanned(row: Sound, { isDoubled, garbage }: RowFaults): Generator<Planned> {
    const { index, line, moment, label, timestampMs } = row;
    const placed = {
      loop,
      row: index,
      offsetMs: loopStartMs + moment.offsetMs,
      gapMs: moment.gapMs,
      timestampMs,
    };
    const dueAtMs = dueTimes.of(placed);
    const timestamp = toTimestamp(placed);
    const reading: ReadingInput & { id: string } = { ...row.reading, id: toId(loop, index) };
    if (timestamp !== undefined) reading.timestamp = timestamp;
    const create = (): Outgoing => ({ reading, line, ...(dueAtMs !== undefined && { dueAtMs }) });
    if (garbage !== undefined)
      yield { outgoing: { ...create(), garbage }, kind: 'garbage', row: index, label: undefined };
    yield { outgoing: create(), kind: 'row', row: index, label };
    if (!isDoubled) return;
    counts.doubled += 1;
    yield { outgoing: create(), kind: 'dup', row: index, label: undefined };
  };
}
