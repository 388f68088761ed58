import type { TimeWindow } from './time-window.ts';
import { toOffsetText, toWallMs, utcZoneName, type Zone } from './zone.ts';

/** `2026-11-22 15:04:05` in the time zone. */
export function toDateTimeText(time: Date, zone: Zone): string {
  return new Date(toWallMs(time.getTime(), zone)).toISOString().slice(0, 19).replace('T', ' ');
}

/** `15:04:05` in the time zone. */
export function toClockText(time: Date, zone: Zone): string {
  return toDateTimeText(time, zone).slice(11);
}

/** The time of day, with the date if it is not today. */
export function toShortText(time: Date, now: Date, zone: Zone): string {
  const text = toDateTimeText(time, zone);
  const isToday = text.slice(0, 10) === toDateTimeText(now, zone).slice(0, 10);
  return isToday ? text.slice(11) : text;
}

/** `Europe/Berlin (UTC+01:00)` */
export function toZoneText(zone: Zone, now: Date): string {
  const { timeZone } = zone;
  return timeZone === utcZoneName ? timeZone : `${timeZone} (${toOffsetText(now.getTime(), zone)})`;
}

/** `2026-11-22 15:00 – 16:00`; with the second date if it differs, and with seconds if they are not zero. */
export function describeWindow({ from, to }: TimeWindow, zone: Zone): string {
  const [start, end] = [new Date(from), new Date(to)];
  const texts = [toDateTimeText(start, zone), toShortText(end, start, zone)];
  const isWhole = texts.every((text) => text.endsWith(':00'));
  return texts.map((text) => (isWhole ? text.slice(0, -3) : text)).join(' – ');
}
