import type { SeqRange } from './position.ts';

/** A transaction that is open for longer than this is none of ours: their statements time out long before. */
const expiryMs = 30_000;
const maxHoles = 20_000;
/** Of more holes than this, the older ones are looked at ever more seldom. */
const alwaysLookedAt = 200;
const maxLookedAt = 1000;

interface Hole extends SeqRange {
  sinceMs: number;
  lookMs: number;
}

/** The parts of a range beside one place. */
function without(hole: Hole, seq: number): Hole[] {
  return [
    { ...hole, to: seq - 1 },
    { ...hole, from: seq + 1 },
  ].filter(({ from, to }) => from <= to);
}

/** Places of arrival that nothing is to be seen in yet, in rising order. */
export function createHoleList(start: readonly SeqRange[], startMs: number) {
  let holes: readonly Hole[] = start.map((range) => ({ ...range, sinceMs: startMs, lookMs: startMs }));
  let passed: readonly SeqRange[] | undefined;
  let passedTo = 0;
  let nextFrom = Infinity;

  function change(next: readonly Hole[]): void {
    holes = next;
    passed = undefined;
  }

  return {
    /** Behind all others. */
    add(range: SeqRange, nowMs: number): void {
      if (range.from <= range.to) change([...holes, { ...range, sinceMs: nowMs, lookMs: nowMs }]);
    },
    /** @returns whether the place was in a hole */
    fill(seq: number): boolean {
      const index = holes.findIndex(({ from, to }) => from <= seq && seq <= to);
      const hole = holes[index];
      if (hole) change(holes.toSpliced(index, 1, ...without(hole, seq)));
      return hole !== undefined;
    },
    /** Those up to a place; the same array as long as they are the same. */
    upTo(seq: number): readonly SeqRange[] {
      if (passed === undefined || seq < passedTo || seq >= nextFrom) {
        passed = holes.filter(({ from }) => from <= seq).map(({ from, to }) => ({ from, to }));
        nextFrom = holes.find(({ from }) => from > seq)?.from ?? Infinity;
        passedTo = seq;
      }
      return passed;
    },
    /** Where the first hole behind a place begins that was found after a moment. */
    firstSince(seq: number, sinceMs: number): number | undefined {
      return holes.find((hole) => hole.from > seq && hole.sinceMs > sinceMs)?.from;
    },
    /** Which to look into now. What is too old is given up. */
    due(nowMs: number): readonly SeqRange[] {
      const open = holes.filter(({ sinceMs }) => nowMs - sinceMs < expiryMs).slice(-maxHoles);
      if (open.length < holes.length) change(open);
      if (holes.length <= alwaysLookedAt) return holes;
      const due = holes.filter(({ lookMs }) => lookMs <= nowMs).slice(-maxLookedAt);
      for (const hole of due) hole.lookMs = nowMs + (nowMs - hole.sinceMs) / 2;
      return due;
    },
  };
}
