import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contains, createSeqTracker, graceMs } from './seq-tracker.ts';

const rowsOf = (...seqs: number[]) => seqs.map((seq) => ({ seq }));
const start = () => createSeqTracker<{ seq: number }>({ seq: 10, holes: [] }, 0);

function seqsOf(rows: readonly { seq: number }[]): number[] {
  return rows.map(({ seq }) => seq);
}

describe('createSeqTracker', () => {
  test('delivers consecutive rows at once', () => {
    const tracker = start();
    expect(seqsOf(tracker.accept(rowsOf(11, 12, 13), 0))).toEqual([11, 12, 13]);
    expect(tracker.position()).toEqual({ seq: 13, holes: [] });
  });

  test('holds rows back until a hole before them is filled', () => {
    const tracker = start();
    expect(seqsOf(tracker.accept(rowsOf(11, 14, 15), 0))).toEqual([11]);
    expect(tracker.waiting()).toBe(2);
    expect(tracker.due(5)).toMatchObject([{ from: 12, to: 13 }]);
    expect(seqsOf(tracker.accept(rowsOf(12, 13), 5))).toEqual([12, 13, 14, 15]);
    expect(tracker.waiting()).toBe(0);
  });

  test('passes a hole that stays open, lists it in the position, and delivers its rows when they appear', () => {
    const tracker = start();
    tracker.accept(rowsOf(14), 0);
    expect(seqsOf(tracker.accept([], graceMs))).toEqual([14]);
    expect(tracker.position()).toEqual({ seq: 14, holes: [{ from: 11, to: 13 }] });
    expect(seqsOf(tracker.accept(rowsOf(12, 13), graceMs + 1))).toEqual([12, 13]);
    expect(tracker.position()).toEqual({ seq: 14, holes: [{ from: 11, to: 11 }] });
    expect(tracker.due(60_000)).toEqual([]);
  });

  test('waits for the newest hole, but not again for holes that were passed', () => {
    const tracker = start();
    tracker.accept(rowsOf(12, 14), 0);
    expect(seqsOf(tracker.accept(rowsOf(16), graceMs))).toEqual([12, 14]);
    expect(seqsOf(tracker.accept([], 2 * graceMs))).toEqual([16]);
  });

  test('delivers each row once, and each position contains what was delivered before it', () => {
    const commits = fc.array(fc.array(fc.integer({ min: 11, max: 60 }), { maxLength: 8 }), { maxLength: 12 });
    fc.assert(
      fc.property(commits, (steps) => {
        const tracker = start();
        const visible = new Set<number>();
        const delivered: number[] = [];
        function accept(seqs: number[], nowMs: number): void {
          delivered.push(...seqsOf(tracker.accept(rowsOf(...seqs), nowMs)));
          const position = tracker.position();
          for (const seq of visible) expect(contains(position, seq)).toBe(delivered.includes(seq));
        }
        for (const [step, seqs] of steps.entries()) {
          for (const seq of seqs) visible.add(seq);
          accept(
            [...visible].sort((a, b) => a - b),
            step * 120,
          );
        }
        accept([], 1e6);
        expect(delivered.toSorted((a, b) => a - b)).toEqual([...visible].sort((a, b) => a - b));
      }),
    );
  });
});
