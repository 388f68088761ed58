import { type TimeWindow, toWindow } from './time-window.ts';

/** What the two date fields hold: their text, and whether the browser could not read what was typed. */
export interface TimeRangeDraft {
  from: string;
  to: string;
  fromIsUnreadable: boolean;
  toIsUnreadable: boolean;
}

export type TimeRangeResult =
  | { window: TimeWindow }
  | { errors: { from?: string | undefined; to?: string | undefined } };

const earliestMs = Date.UTC(1970, 0, 1);

function findFieldError(title: string, { text, isUnreadable, nowMs }: FieldDraft): string | undefined {
  if (isUnreadable) return `${title} is not a complete date and time.`;
  if (text.trim() === '') return `${title} is missing: a historical range needs both ends.`;
  const timeMs = Date.parse(text);
  if (Number.isNaN(timeMs)) return `${title} is not a date and time.`;
  if (timeMs < earliestMs || new Date(timeMs).getUTCFullYear() > 9999)
    return `${title} has an impossible year.`;
  if (timeMs > nowMs) return `${title} is in the future.`;
  return undefined;
}

interface FieldDraft {
  text: string;
  isUnreadable: boolean;
  nowMs: number;
}

/** The texts are times in the viewer's zone, as `datetime-local` fields hold them. */
export function parseTimeRange(draft: TimeRangeDraft, nowMs: number): TimeRangeResult {
  const from = findFieldError('Start', { text: draft.from, isUnreadable: draft.fromIsUnreadable, nowMs });
  const to = findFieldError('End', { text: draft.to, isUnreadable: draft.toIsUnreadable, nowMs });
  if (from !== undefined || to !== undefined) return { errors: { from, to } };
  const fromMs = Date.parse(draft.from);
  const toMs = Date.parse(draft.to);
  if (fromMs >= toMs) return { errors: { from: 'Start must be before the end.' } };
  return { window: toWindow(fromMs, toMs) };
}
