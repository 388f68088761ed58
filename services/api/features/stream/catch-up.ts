import type { Pool } from 'mysql2/promise';
import { type ArrivedRow, toReadingEvent } from '../readings/reading-row.ts';
import { formatEvent } from './format-event.ts';
import { contains, type SeqRange, type StreamPosition } from './position.ts';
import { listRowsAfter, listRowsIn } from './read-rows.ts';

const rowsPerRead = 1000;

interface CatchUpOptions {
  pool: Pool;
  sensors: readonly string[] | undefined;
  /** What the client has. */
  from: StreamPosition;
  /** What it is to have in the end. */
  to: StreamPosition;
  /** What it has besides. */
  hasSeen: (seq: number) => boolean;
}

function toEvent(row: ArrivedRow, position: StreamPosition): string {
  return formatEvent({ event: 'reading', data: toReadingEvent(row), position });
}

function overlap(a: readonly SeqRange[], b: readonly SeqRange[]): SeqRange[] {
  return a.flatMap((one) =>
    b
      .map((other) => ({ from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) }))
      .filter(({ from, to }) => from <= to),
  );
}

/** What appeared in holes that the client told of; each id still tells of those that are not sent yet. */
function toFilledEvents(rows: readonly ArrivedRow[], seq: number, open: readonly SeqRange[]): string {
  const events = rows.map((row, index) => {
    const unsent = rows.slice(index + 1).map((next) => ({ from: next.seq, to: next.seq }));
    return toEvent(row, { seq, holes: [...open, ...unsent].sort((a, b) => a.from - b.from) });
  });
  return events.join('');
}

/** The events between two positions, in the order of arrival, as texts of bounded length. */
export async function* catchUp({ pool, sensors, from, to, hasSeen }: CatchUpOptions): AsyncGenerator<string> {
  const isWanted = ({ seq, sensor_id }: ArrivedRow) =>
    contains(to, seq) && !hasSeen(seq) && (sensors === undefined || sensors.includes(sensor_id));
  const open = overlap(from.holes, to.holes);
  const filled = (await listRowsIn(pool, from.holes)).filter(isWanted);
  if (filled.length > 0) yield toFilledEvents(filled, from.seq, open);
  for (let after = from.seq; after < to.seq; ) {
    const rows = await listRowsAfter(pool, { after, upTo: to.seq, sensors, limit: rowsPerRead });
    const events = rows.filter(isWanted).map((row) => {
      const passed = to.holes.filter((hole) => hole.from > from.seq && hole.from <= row.seq);
      return toEvent(row, { seq: row.seq, holes: [...open, ...passed] });
    });
    if (events.length > 0) yield events.join('');
    if (rows.length < rowsPerRead) return;
    after = rows.at(-1)?.seq ?? to.seq;
  }
}
