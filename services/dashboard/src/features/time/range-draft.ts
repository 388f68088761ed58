import { parseAbsolute, type ZonedDateTime } from '@internationalized/date';
import type { TimeState } from '../url-state/url-state.ts';
import { type TimeWindow, toWindow } from './time-window.ts';
import type { Zone } from './zone.ts';

/** A range that is being typed, as wall-clock times of the selected zone. */
export interface RangeDraft {
  start: ZonedDateTime;
  end: ZonedDateTime;
  /** Until the end is changed, it moves along with the start. */
  isEndChosen: boolean;
}

/** The selected window; in live mode, the last full hour. */
export function createRangeDraft(time: TimeState, zone: Zone, nowMs: number): RangeDraft {
  const { timeZone } = zone;
  if (time.mode !== 'live') {
    const [start, end] = [parseAbsolute(time.from, timeZone), parseAbsolute(time.to, timeZone)];
    return { start, end, isEndChosen: true };
  }
  const now = parseAbsolute(new Date(nowMs).toISOString(), timeZone);
  const end = now.set({ minute: 0, second: 0, millisecond: 0 });
  return { start: end.subtract({ hours: 1 }), end, isEndChosen: false };
}

export function changeRange(draft: RangeDraft, next: Pick<RangeDraft, 'start' | 'end'>): RangeDraft {
  if (draft.isEndChosen || next.end.compare(draft.end) !== 0) return { ...next, isEndChosen: true };
  const milliseconds = toMs(draft.end) - toMs(draft.start);
  return { start: next.start, end: next.start.add({ milliseconds }), isEndChosen: false };
}

/** What is wrong with a range, for the user. */
export function findRangeError({ start, end }: RangeDraft, nowMs: number): string | null {
  if (toMs(start) > nowMs) return 'The start is in the future.';
  if (toMs(end) > nowMs) return 'The end is in the future.';
  return toMs(start) < toMs(end) ? null : 'The end must be after the start.';
}

export function toDraftWindow({ start, end }: RangeDraft): TimeWindow {
  return toWindow(toMs(start), toMs(end));
}

function toMs(time: ZonedDateTime): number {
  return time.toDate().getTime();
}
