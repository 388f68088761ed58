import { parseAbsolute, type ZonedDateTime } from '@internationalized/date';
import { type TimeWindow, toWindow } from './time-window.ts';
import type { Zone } from './zone.ts';

interface FixedRange {
  title: string;
  window: TimeWindow;
}

const evening = { hour: 18 };
const morning = { hour: 6 };

/** Fixed windows by the calendar of the zone. A night is from 18:00 to 06:00; what would end in the future ends now. */
export function listFixedRanges(zone: Zone, nowMs: number): FixedRange[] {
  const now = parseAbsolute(new Date(nowMs).toISOString(), zone.timeZone);
  const today = now.set({ hour: 0, minute: 0, second: 0, millisecond: 0 });
  const yesterday = today.subtract({ days: 1 });
  return [
    { title: 'Last night', from: yesterday.set(evening), to: today.set(morning) },
    { title: 'Today', from: today, to: now },
    { title: 'Yesterday', from: yesterday, to: today },
  ].map(({ title, from, to }) => {
    const fromMs = toMs(from);
    // Today is not empty, even at midnight.
    return { title, window: toWindow(fromMs, Math.max(fromMs + 1000, Math.min(toMs(to), nowMs))) };
  });
}

function toMs(time: ZonedDateTime): number {
  return time.toDate().getTime();
}
