import { describe, expect, test } from 'vitest';
import { createFakeClock } from '../testing/fake-clock.ts';
import { createDraw } from './draw.ts';
import { createDueTimes, type DueTimeOptions } from './due-times.ts';

function setUp(options: Partial<DueTimeOptions>) {
  const { clock, advance } = createFakeClock();
  const preset = { rate: 0, rateOf: 'total', speed: 0, jitter: 0, draw: createDraw(1) } as const;
  const due = createDueTimes({ clock, ...preset, ...options });
  const rowsOf = (offsets: readonly number[]) =>
    offsets.map((offsetMs, row) => {
      const gapMs = offsetMs - (offsets[row - 1] ?? 0);
      return due.of({ loop: 0, row, offsetMs, gapMs });
    });
  return { clock, advance, due, rowsOf };
}

describe('createDueTimes', () => {
  test('makes row k due at start + k / rate, whatever happens between the rows', () => {
    const { rowsOf, advance } = setUp({ rate: 4 });
    expect(rowsOf([0, 0, 0])).toEqual([0, 250, 500]);
    advance(60_000);
    expect(rowsOf([0, 0])).toEqual([750, 1000]);
  });

  test('sets no due time at rate 0', () => {
    expect(setUp({ rate: 0 }).rowsOf([0, 0])).toEqual([undefined, undefined]);
  });

  test('shares a total rate among the active senders', () => {
    const { rowsOf, due } = setUp({ rate: 4 });
    due.share(2);
    expect(rowsOf([0, 0])).toEqual([0, 500]);
    due.share(1);
    expect(rowsOf([0, 0, 0])).toEqual([1000, 1250, 1500]);
    const own = setUp({ rate: 4, rateOf: 'sender' });
    own.due.share(8);
    expect(own.rowsOf([0, 0])).toEqual([0, 250]);
  });

  test('does not catch up on time in which other senders had all rows', () => {
    const { rowsOf, advance, due } = setUp({ rate: 4 });
    rowsOf([0, 0]);
    advance(10_000);
    due.rest();
    expect(rowsOf([0, 0])).toEqual([10_000, 10_250]);
  });

  test('follows file time at the given speed from the start of the replay', () => {
    const { rowsOf, due, clock } = setUp({ speed: 2, rate: 1000 });
    due.startAt(clock.now() + 500);
    expect(rowsOf([0, 1000, 5000])).toEqual([500, 1000, 3000]);
  });

  test('makes rows that were due before the sender began due at once', () => {
    const { rowsOf, due, clock } = setUp({ speed: 1 });
    due.startAt(clock.now() - 60_000);
    expect(rowsOf([0, 59_000, 61_000])).toEqual([0, 0, 1000]);
  });

  test('adds repeatable jitter within its part of the spacing, and keeps the order', () => {
    const times = () => setUp({ rate: 10, jitter: 0.4 }).rowsOf(Array(200).fill(0));
    const shaken = times().map((time) => time ?? Number.NaN);
    expect(times()).toEqual(shaken);
    const off = shaken.map((time, row) => time - row * 100);
    expect(Math.min(...off)).toBeGreaterThanOrEqual(-40);
    expect(Math.max(...off)).toBeLessThanOrEqual(40);
    expect(Math.max(...off) - Math.min(...off)).toBeGreaterThan(60);
    expect(shaken).toEqual(shaken.toSorted((a, b) => a - b));
  });
});
