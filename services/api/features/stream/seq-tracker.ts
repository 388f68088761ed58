import { createHoleList } from './hole-list.ts';
import type { SeqRange, StreamPosition } from './position.ts';

/** How long what comes after a hole waits for it to be filled. */
export const graceMs = 200;

interface Placed {
  seq: number;
}

/** A row on its way to the clients, and what is delivered with it. */
export interface Delivery<Row> {
  row: Row;
  position: StreamPosition;
}

/** Puts rows that become visible in any order into the order of their arrival. */
export interface SeqTracker<Row> {
  /** What was delivered. */
  position: () => StreamPosition;
  /** Up to where rows are known. */
  top: () => number;
  /** How many rows wait behind a hole. */
  waiting: () => number;
  /** Which places to look at again. */
  due: (nowMs: number) => readonly SeqRange[];
  /** What can be delivered now that these rows are visible. */
  accept: (rows: readonly Row[], nowMs: number) => Delivery<Row>[];
}

/**
 * The database gives out `seq` before the commit, so that of several writers a later one may be visible first: the
 * places between are holes. Rows behind a hole wait a moment for it; a hole that stays open longer is passed, and what
 * appears in it later is delivered then.
 */
export function createSeqTracker<Row extends Placed>(
  start: StreamPosition,
  startMs: number,
): SeqTracker<Row> {
  const holes = createHoleList(start.holes, startMs);
  let { seq } = start;
  let top = start.seq;
  let ahead: Row[] = [];

  const position = (): StreamPosition => ({ seq, holes: holes.upTo(seq) });

  function deliver(row: Row): Delivery<Row> {
    seq = Math.max(seq, row.seq);
    return { row, position: position() };
  }

  /** Takes in rows in rising order, each once; what fills a hole that was passed is delivered at once. */
  function note(rows: readonly Row[], nowMs: number): Delivery<Row>[] {
    const late: Delivery<Row>[] = [];
    for (const row of rows) {
      if (row.seq > top) {
        holes.add({ from: top + 1, to: row.seq - 1 }, nowMs);
        top = row.seq;
        ahead.push(row);
      } else if (holes.fill(row.seq)) {
        if (row.seq <= seq) late.push(deliver(row));
        else ahead.push(row);
      }
    }
    return late;
  }

  return {
    position,
    top: () => top,
    waiting: () => ahead.length,
    due: holes.due,
    accept(rows, nowMs) {
      const late = note(rows, nowMs);
      ahead.sort((a, b) => a.seq - b.seq);
      const blocked = holes.firstSince(seq, nowMs - graceMs);
      const end = blocked === undefined ? -1 : ahead.findIndex((row) => row.seq > blocked);
      const ready = end < 0 ? ahead : ahead.slice(0, end);
      ahead = end < 0 ? [] : ahead.slice(end);
      return [...late, ...ready.map(deliver)];
    },
  };
}
