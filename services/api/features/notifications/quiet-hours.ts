import type { QuietHours, Severity } from '@sensor-sentinel/contracts';
import { DateTime } from 'luxon';

const weekdays: NonNullable<QuietHours['days']> = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** Quiet hours that follow one another directly are passed through for at most a week. */
const maxSteps = 7 * 24;

/** How long a message waits at `nowMs`, in ms: 0 outside the quiet hours, else until they end. */
export function toQuietDelayMs(nowMs: number, severity: Severity, quietHours: readonly QuietHours[]): number {
  const relevant = quietHours.filter((quiet) => severity !== 'critical' || !quiet.critical_anyway);
  let endMs = nowMs;
  for (let step = 0; step < maxSteps; step++) {
    const next = Math.max(...relevant.map((quiet) => findEndMs(endMs, quiet)));
    if (next <= endMs) break;
    endMs = next;
  }
  return endMs - nowMs;
}

/** The end of the quiet hours at this time; the time itself outside of them. */
function findEndMs(timeMs: number, { from, to, timezone, days = weekdays }: QuietHours): number {
  const today = DateTime.fromMillis(timeMs, { zone: timezone }).startOf('day');
  for (const day of [today.minus({ days: 1 }), today]) {
    const weekday = weekdays[day.weekday - 1];
    const start = atTime(day, from).toMillis();
    const end = atTime(to > from ? day : day.plus({ days: 1 }), to).toMillis();
    if (weekday !== undefined && days.includes(weekday) && timeMs >= start && timeMs < end) return end;
  }
  return timeMs;
}

function atTime(day: DateTime, time: string): DateTime {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return day.set({ hour, minute });
}
