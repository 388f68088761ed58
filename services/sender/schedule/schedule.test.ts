import { describe, expect, test } from 'vitest';
import { createFakeClock } from '../testing/fake-clock.ts';
import { createSchedule, type ScheduleOptions, toChunkRows } from './schedule.ts';

const row = {
  loop: 0,
  row: 1,
  offsetMs: 10_000,
  gapMs: 10_000,
  timestampMs: Date.parse('2020-01-01T00:00:10Z'),
};

function timestampOf(timestamps: Parameters<typeof createSchedule>[0]['timestamps'], speed?: number) {
  const { clock } = createFakeClock();
  const schedule = createSchedule({ clock, timestamps, chunk: 0, ...(speed !== undefined && { speed }) });
  schedule.startAt('2026-01-01T12:00:00.000Z');
  return schedule.timestampOf(row);
}

function setUp(options: Partial<ScheduleOptions>) {
  const { clock, advance } = createFakeClock();
  const schedule = createSchedule({ clock, timestamps: { kind: 'file' }, chunk: 0, seed: 1, ...options });
  const rowsOf = (offsets: readonly number[]) =>
    offsets.map((offsetMs, index) => {
      const gapMs = offsetMs - (offsets[index - 1] ?? 0);
      return schedule.dueAtMs({ loop: 0, row: index, offsetMs, gapMs, timestampMs: undefined });
    });
  const startAfter = (ms: number) => schedule.startAt(new Date(clock.now() + ms).toISOString());
  return { schedule, advance, rowsOf, startAfter };
}

describe('createSchedule', () => {
  test('sends no timestamp, that of the file, or one counted from the start of the replay', () => {
    expect(timestampOf({ kind: 'arrival' })).toBeUndefined();
    expect(timestampOf({ kind: 'file' })).toBe('2020-01-01T00:00:10.000Z');
    expect(timestampOf({ kind: 'now' }, 1)).toBe('2026-01-01T12:00:10.000Z');
    expect(timestampOf({ kind: 'now' }, 2)).toBe('2026-01-01T12:00:05.000Z');
    expect(timestampOf({ kind: 'now' }, 0)).toBe('2026-01-01T12:00:10.000Z');
    expect(timestampOf({ kind: 'spread', rows: 4, spanMs: 4000 })).toBe('2026-01-01T11:59:57.000Z');
  });

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
    const { rowsOf, schedule } = setUp({ rate: 4 });
    schedule.share(2);
    expect(rowsOf([0, 0])).toEqual([0, 500]);
    schedule.share(1);
    expect(rowsOf([0, 0, 0])).toEqual([1000, 1250, 1500]);
    const own = setUp({ rate: 4, rateOf: 'sender' });
    own.schedule.share(8);
    expect(own.rowsOf([0, 0])).toEqual([0, 250]);
  });

  test('does not catch up on time in which other senders had all rows', () => {
    const { rowsOf, advance, schedule } = setUp({ rate: 4 });
    rowsOf([0, 0]);
    advance(10_000);
    schedule.rest();
    expect(rowsOf([0, 0])).toEqual([10_000, 10_250]);
  });

  test('follows file time at the given speed from the start of the replay', () => {
    const { rowsOf, startAfter } = setUp({ speed: 2, rate: 1000 });
    startAfter(500);
    expect(rowsOf([0, 1000, 5000])).toEqual([500, 1000, 3000]);
  });

  test('makes rows that were due before the sender began due at once', () => {
    const { rowsOf, startAfter } = setUp({ speed: 1 });
    startAfter(-60_000);
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

describe('toChunkRows', () => {
  test('is about five seconds of rows, or the number that was given', () => {
    expect([toChunkRows(7, 100), toChunkRows(0, 100), toChunkRows(0, 60_000)]).toEqual([7, 50, 1]);
    expect([toChunkRows(0, undefined), toChunkRows(0, 0.1)]).toEqual([5000, 5000]);
  });
});
