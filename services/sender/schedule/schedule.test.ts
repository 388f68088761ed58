import { describe, expect, test } from 'vitest';
import { createFakeClock } from '../testing/fake-clock.ts';
import { createSchedule, toChunkRows } from './schedule.ts';

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

describe('createSchedule', () => {
  test('sends no timestamp, that of the file, or one counted from the start of the replay', () => {
    expect(timestampOf({ kind: 'arrival' })).toBeUndefined();
    expect(timestampOf({ kind: 'file' })).toBe('2020-01-01T00:00:10.000Z');
    expect(timestampOf({ kind: 'now' }, 1)).toBe('2026-01-01T12:00:10.000Z');
    expect(timestampOf({ kind: 'now' }, 2)).toBe('2026-01-01T12:00:05.000Z');
    expect(timestampOf({ kind: 'now' }, 0)).toBe('2026-01-01T12:00:10.000Z');
    expect(timestampOf({ kind: 'spread', rows: 4, spanMs: 4000 })).toBe('2026-01-01T11:59:57.000Z');
  });
});

describe('toChunkRows', () => {
  test('is about five seconds of rows, or the number that was given', () => {
    expect([toChunkRows(7, 100), toChunkRows(0, 100), toChunkRows(0, 60_000)]).toEqual([7, 50, 1]);
    expect([toChunkRows(0, undefined), toChunkRows(0, 0.1)]).toEqual([5000, 5000]);
  });
});
