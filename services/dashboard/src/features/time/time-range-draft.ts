import { parseTimeText } from './parse-time-text.ts';
import { type TimeWindow, toWindow } from './time-window.ts';
import type { Zone } from './zone.ts';

/** The text of the two fields of a range. */
export interface TimeRangeDraft {
  from: string;
  to: string;
}

export interface TimeRangeErrors {
  from?: string | undefined;
  to?: string | undefined;
}

export type TimeRangeResult = { window: TimeWindow } | { errors: TimeRangeErrors };

interface Field {
  title: 'Start' | 'End';
  text: string;
}

const earliestMs = Date.UTC(1970, 0, 1);
const examples = '2026-11-22 15:04, 15:04, yesterday 9:00 or -2h';
const ambiguousDate = /^\s*\d{1,2}\/\d{1,2}\/\d{2,4}/;

function parseField(
  { title, text }: Field,
  here: { zone: Zone; nowMs: number },
): { timeMs: number } | string {
  if (text.trim() === '') return `${title} is missing.`;
  if (ambiguousDate.test(text)) return `${title} is ambiguous (day/month or month/day). Use year-month-day.`;
  const parsed = parseTimeText(text, here);
  if (parsed === null) return `${title} is not a valid time. Examples: ${examples}.`;
  const { timeMs, untilMs } = parsed;
  if (timeMs < earliestMs || new Date(timeMs).getUTCFullYear() > 9998) return `${title} has an invalid year.`;
  if (timeMs > here.nowMs) return `${title} is in the future.`;
  // A day without a time of day, as the end, includes that whole day.
  return { timeMs: title === 'End' ? Math.min(untilMs, Math.max(here.nowMs, timeMs)) : timeMs };
}

/** Parses two texts, as times in the time zone, into a window. */
export function parseTimeRange(draft: TimeRangeDraft, here: { zone: Zone; nowMs: number }): TimeRangeResult {
  const from = parseField({ title: 'Start', text: draft.from }, here);
  // With only a start, the window ends now.
  const isOpen = draft.from.trim() !== '' && draft.to.trim() === '';
  const to = parseField({ title: 'End', text: isOpen ? 'now' : draft.to }, here);
  if (typeof from === 'string' || typeof to === 'string') {
    return {
      errors: {
        from: typeof from === 'string' ? from : undefined,
        to: typeof to === 'string' ? to : undefined,
      },
    };
  }
  if (from.timeMs >= to.timeMs) return { errors: { from: 'Start must be before the end.' } };
  return { window: toWindow(from.timeMs, to.timeMs) };
}
