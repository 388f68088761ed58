import { describe, expect, test } from 'vitest';
import {
  changeRange,
  createRangeDraft,
  findRangeError,
  type RangeDraft,
  toDraftWindow,
} from './range-draft.ts';
import { createZone } from './zone.ts';

const berlin = createZone('Europe/Berlin');
const live = { mode: 'live', range: '15m' } as const;
const nowMs = Date.parse('2026-11-22T11:20:30.000Z');

function createDraft(from: string, to: string): RangeDraft {
  return createRangeDraft({ mode: 'historical', range: '15m', from, to }, berlin, nowMs);
}

describe('createRangeDraft', () => {
  test('is the selected window, to the millisecond', () => {
    const window = { from: '2026-11-22T09:00:00.250Z', to: '2026-11-22T10:00:00.000Z' };
    const draft = createDraft(window.from, window.to);
    expect(draft.start.hour).toBe(10);
    expect(toDraftWindow(draft)).toEqual(window);
  });

  test('is the last full hour of the zone in live mode', () => {
    const expected = { from: '2026-11-22T10:00:00.000Z', to: '2026-11-22T11:00:00.000Z' };
    expect(toDraftWindow(createRangeDraft(live, berlin, nowMs))).toEqual(expected);
    expect(toDraftWindow(createRangeDraft(live, createZone('Asia/Kolkata'), nowMs))).toEqual({
      from: '2026-11-22T09:30:00.000Z',
      to: '2026-11-22T10:30:00.000Z',
    });
  });
});

describe('changeRange', () => {
  const fresh = createRangeDraft(live, berlin, nowMs);
  const tuesday = { day: 17, hour: 14 };

  test('moves the end along with the start', () => {
    const moved = changeRange(fresh, { start: fresh.start.set(tuesday), end: fresh.end });
    expect(toDraftWindow(moved)).toEqual({
      from: '2026-11-17T13:00:00.000Z',
      to: '2026-11-17T14:00:00.000Z',
    });
  });

  test('keeps an end that was chosen', () => {
    const ended = changeRange(fresh, { start: fresh.start, end: fresh.end.set({ minute: 10 }) });
    const moved = changeRange(ended, { start: fresh.start.set({ hour: 9 }), end: ended.end });
    expect(moved.end.toAbsoluteString()).toBe('2026-11-22T11:10:00.000Z');
  });

  test('moves a time that is skipped later, and takes the first of two equal ones', () => {
    const spring = createDraft('2026-03-29T00:30:00.000Z', '2026-03-29T04:00:00.000Z');
    expect(spring.start.set({ hour: 2 }).toAbsoluteString()).toBe('2026-03-29T01:30:00.000Z');
    const autumn = createDraft('2026-10-24T22:30:00.000Z', '2026-10-25T04:00:00.000Z');
    const first = autumn.start.set({ hour: 2 });
    expect(first.toAbsoluteString()).toBe('2026-10-25T00:30:00.000Z');
    expect(first.cycle('hour', 1).toAbsoluteString()).toBe('2026-10-25T01:30:00.000Z');
  });
});

test('findRangeError names what is wrong', () => {
  const errors = [
    createDraft('2026-11-22T09:00:00.000Z', '2026-11-22T10:00:00.000Z'),
    createDraft('2026-11-22T10:00:00.000Z', '2026-11-22T10:00:00.000Z'),
    createDraft('2026-11-22T10:00:00.000Z', '2026-11-22T12:00:00.000Z'),
    createDraft('2026-11-23T10:00:00.000Z', '2026-11-23T12:00:00.000Z'),
  ].map((draft) => findRangeError(draft, nowMs));
  expect(errors).toEqual([
    null,
    'The end must be after the start.',
    'The end is in the future.',
    'The start is in the future.',
  ]);
});
