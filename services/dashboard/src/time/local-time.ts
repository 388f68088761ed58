function padded(value: number, length = 2): string {
  return String(value).padStart(length, '0');
}

function toDateText(date: Date): string {
  return `${padded(date.getFullYear(), 4)}-${padded(date.getMonth() + 1)}-${padded(date.getDate())}`;
}

/** `15:04:05` in the viewer's zone. */
export function toClockText(time: Date): string {
  return `${padded(time.getHours())}:${padded(time.getMinutes())}:${padded(time.getSeconds())}`;
}

/** `2026-11-22 15:04:05` in the viewer's zone. */
export function toDateTimeText(time: Date): string {
  return `${toDateText(time)} ${toClockText(time)}`;
}

/** The time of day, with the date where that is not today's. */
export function toShortText(time: Date, now: Date): string {
  return toDateText(time) === toDateText(now) ? toClockText(time) : toDateTimeText(time);
}

/** The value of an `<input type="datetime-local" step="1">`. */
export function toInputText(iso: string): string {
  const time = new Date(iso);
  return `${toDateText(time)}T${toClockText(time)}`;
}

/** Plotly knows no zones: it draws wall-clock times, so it is given the viewer's. */
export function toPlotTime(iso: string): string {
  const time = new Date(iso);
  return `${toDateTimeText(time)}.${padded(time.getMilliseconds(), 3)}`;
}

/** The way back: `2026-11-22 15:04:05.1234` or `2026-11-22` in the viewer's zone, to UTC. */
export function fromPlotTime(text: string): string | null {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2})(?::(\d{2}(?:\.\d{1,3})?)\d*)?)?$/.exec(text);
  if (match === null) return null;
  const [, date, minutes = '00:00', seconds = '00'] = match;
  const time = new Date(`${date}T${minutes}:${seconds}`);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}

/** `Europe/Berlin (UTC+01:00)` */
export function toZoneText(zone: string, now: Date): string {
  const offset = -now.getTimezoneOffset();
  const sign = offset < 0 ? '−' : '+';
  const hours = padded(Math.floor(Math.abs(offset) / 60));
  const minutes = padded(Math.abs(offset) % 60);
  return offset === 0
    ? `${zone} (UTC)`.replace('UTC (UTC)', 'UTC')
    : `${zone} (UTC${sign}${hours}:${minutes})`;
}

export function viewerZoneText(now: Date = new Date()): string {
  return toZoneText(Intl.DateTimeFormat().resolvedOptions().timeZone, now);
}
