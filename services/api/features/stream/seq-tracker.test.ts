import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSeqTracker, graceMs } from './seq-tracker.ts';
import { contains, formatEventId, parseEventId } from './stream-events.ts';

const rowsOf = (...seqs: number[]) => seqs.map((seq) => ({ seq }));
const start = () => createSeqTracker<{ seq: number }>({ seq: 10, holes: [] }, 0);

function seqsOf(deliveries: readonly { row: { seq: number } }[]): number[] {
  return deliveries.map(({ row }) => row.seq);
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
    const passed = tracker.accept([], graceMs);
    expect(passed).toEqual([{ row: { seq: 14 }, position: { seq: 14, holes: [{ from: 11, to: 13 }] } }]);
    const late = tracker.accept(rowsOf(12, 13), graceMs + 1);
    expect(late.map(({ position }) => position.holes)).toEqual([
      [
        { from: 11, to: 11 },
        { from: 13, to: 13 },
      ],
      [{ from: 11, to: 11 }],
    ]);
    expect(tracker.due(60_000)).toEqual([]);
  });

  test('waits for the newest hole, but not again for holes that were passed', () => {
    const tracker = start();
    tracker.accept(rowsOf(12, 14), 0);
    expect(seqsOf(tracker.accept(rowsOf(16), graceMs))).toEqual([12, 14]);
    expect(seqsOf(tracker.accept([], 2 * graceMs))).toEqual([16]);
  });

  test('delivers each row once, and a client that resumes from any position loses none', () => {
    const commits = fc.array(fc.array(fc.integer({ min: 11, max: 60 }), { maxLength: 8 }), { maxLength: 12 });
    fc.assert(
      fc.property(commits, fc.nat(), (steps, pick) => {
        const tracker = start();
        const visible = new Set<number>();
        const deliveries = steps.flatMap((seqs, step) => {
          for (const seq of seqs) visible.add(seq);
          const shown = [...visible].sort((a, b) => a - b).map((seq) => ({ seq }));
          return tracker.accept(shown, step * 120);
        });
        deliveries.push(...tracker.accept([], 1e6));
        expect(seqsOf(deliveries).toSorted((a, b) => a - b)).toEqual([...visible].sort((a, b) => a - b));
        const seenTo = deliveries.length === 0 ? 0 : pick % deliveries.length;
        const resumed = deliveries[seenTo]?.position;
        if (!resumed) return;
        for (const [index, { row }] of deliveries.entries())
          expect(contains(resumed, row.seq)).toBe(index <= seenTo);
      }),
    );
  });
});

describe('an event id', () => {
  test('contains the position and its holes', () => {
    const position = {
      seq: 812,
      holes: [
        { from: 700, to: 710 },
        { from: 790, to: 790 },
      ],
    };
    expect(formatEventId(position)).toBe('812!700-710!790');
    expect(parseEventId('812!700-710!790')).toEqual(position);
    expect(parseEventId('812')).toEqual({ seq: 812, holes: [] });
  });

  test('with too many holes is not parsed', () => {
    const holes = Array.from({ length: 21 }, (_, index) => ({ from: index * 2, to: index * 2 }));
    expect(parseEventId(formatEventId({ seq: 100, holes: holes.slice(1) }))).toBeDefined();
    expect(parseEventId(formatEventId({ seq: 100, holes }))).toBeUndefined();
  });

  test.each(['', 'x', '-1', '1e3', '5!9', '9!5-4', '9!5!5', '9!3!', '1234567890123456', '1!1!1\n'])(
    'is not %j',
    (id) => {
      expect(parseEventId(id)).toBeUndefined();
    },
  );
});
