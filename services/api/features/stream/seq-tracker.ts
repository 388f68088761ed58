/** The values of `seq` from `from` to `to`, both included. */
export interface SeqRange {
  from: number;
  to: number;
}

/**
 * How far a reader has come: every reading up to `seq`, except those in `holes`. A hole is a range of `seq` without
 * visible rows: its transaction was rolled back, or commits later.
 */
export interface StreamPosition {
  seq: number;
  /** In ascending order. */
  holes: readonly SeqRange[];
}

/** Whether a reader at this position has received the reading. */
export function contains({ seq, holes }: StreamPosition, readingSeq: number): boolean {
  return readingSeq <= seq && !holes.some(({ from, to }) => from <= readingSeq && readingSeq <= to);
}

/** How long rows wait for the hole before them to be filled. */
export const graceMs = 200;

interface SequencedRow {
  seq: number;
}

/**
 * Orders rows by `seq`, although they become visible in any order.
 *
 * The database assigns `seq` before the commit. With several writers a later `seq` may become visible first, and leaves
 * a hole before it. Rows behind a hole wait for `graceMs`; after that they are delivered, and a row that fills the hole
 * later is delivered when it appears.
 */
export function createSeqTracker<Row extends SequencedRow>(start: StreamPosition, startMs: number) {
  const holes = createHoleList(start.holes, startMs);
  let { seq } = start;
  let top = start.seq;
  let ahead: Row[] = [];

  /** Position after the last delivery. */
  const position = (): StreamPosition => ({ seq, holes: holes.upTo(seq) });

  /** Skips rows it already has. Returns those that fill a hole before the current position. */
  function add(rows: readonly Row[], nowMs: number): Row[] {
    const late: Row[] = [];
    for (const row of rows) {
      if (row.seq > top) {
        holes.add({ from: top + 1, to: row.seq - 1 }, nowMs);
        top = row.seq;
        ahead.push(row);
      } else if (holes.fill(row.seq)) {
        if (row.seq <= seq) late.push(row);
        else ahead.push(row);
      }
    }
    return late;
  }

  return {
    position,
    /** The highest `seq` accepted. */
    top: () => top,
    /** The number of rows that wait behind a hole. */
    waiting: () => ahead.length,
    /** The holes to query again. */
    due: holes.due,
    /** Takes rows that have become visible, and returns those that can be delivered now. */
    accept(rows: readonly Row[], nowMs: number): Row[] {
      const late = add(rows, nowMs);
      ahead.sort((a, b) => a.seq - b.seq);
      const blocked = holes.firstSince(seq, nowMs - graceMs);
      const end = blocked === undefined ? -1 : ahead.findIndex((row) => row.seq > blocked);
      const ready = end < 0 ? ahead : ahead.slice(0, end);
      ahead = end < 0 ? [] : ahead.slice(end);
      seq = ready.at(-1)?.seq ?? seq;
      return [...late, ...ready];
    },
  };
}

/** Longer than any transaction of the API can last: its statements time out before. */
const expiryMs = 30_000;
const maxHoles = 20_000;
/** With more holes than this, older holes are queried less often. */
const maxHolesWithoutBackoff = 200;
const maxDueHoles = 1000;

interface Hole extends SeqRange {
  sinceMs: number;
  dueMs: number;
}

/** The holes in ascending order. */
function createHoleList(start: readonly SeqRange[], startMs: number) {
  let holes: readonly Hole[] = start.map((range) => ({ ...range, sinceMs: startMs, dueMs: startMs }));

  return {
    /** The range must lie after all other holes; an empty one is ignored. */
    add(range: SeqRange, nowMs: number): void {
      if (range.from <= range.to) holes = [...holes, { ...range, sinceMs: nowMs, dueMs: nowMs }];
    },
    /** @returns whether `seq` was in a hole */
    fill(seq: number): boolean {
      const index = holes.findIndex(({ from, to }) => from <= seq && seq <= to);
      const hole = holes[index];
      if (hole) holes = holes.toSpliced(index, 1, ...splitHole(hole, seq));
      return hole !== undefined;
    },
    upTo: (seq: number): readonly SeqRange[] =>
      holes.filter(({ from }) => from <= seq).map(({ from, to }) => ({ from, to })),
    /** The start of the first hole that lies after `seq` and was found after `sinceMs`. */
    firstSince(seq: number, sinceMs: number): number | undefined {
      return holes.find((hole) => hole.from > seq && hole.sinceMs > sinceMs)?.from;
    },
    /** The holes to query now. Drops those that have expired. */
    due(nowMs: number): readonly SeqRange[] {
      const open = holes.filter(({ sinceMs }) => nowMs - sinceMs < expiryMs).slice(-maxHoles);
      if (open.length < holes.length) holes = open;
      if (holes.length <= maxHolesWithoutBackoff) return holes;
      const due = holes.filter(({ dueMs }) => dueMs <= nowMs).slice(-maxDueHoles);
      for (const hole of due) hole.dueMs = nowMs + (nowMs - hole.sinceMs) / 2;
      return due;
    },
  };
}

/** The parts of a hole on both sides of `seq`. */
function splitHole(hole: Hole, seq: number): Hole[] {
  return [
    { ...hole, to: seq - 1 },
    { ...hole, from: seq + 1 },
  ].filter(({ from, to }) => from <= to);
}
