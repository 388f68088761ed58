import {
  fromWallMs,
  toOffsetText,
  toWallMs,
  toZoneName,
  utcZoneName,
  viewerZone,
  type Zone,
} from './zone.ts';

/** `2026-11-22T15:04:05.007` */
function toWallText(timeMs: number, zone: Zone): string {
  return new Date(toWallMs(timeMs, zone)).toISOString().slice(0, -1);
}

/** `15:04:05` in the time zone. */
export function toClockText(time: Date, zone: Zone = viewerZone): string {
  return toWallText(time.getTime(), zone).slice(11, 19);
}

/** `2026-11-22` in the time zone. */
export function toDateText(time: Date, zone: Zone = viewerZone): string {
  return toWallText(time.getTime(), zone).slice(0, 10);
}

/** `2026-11-22 15:04:05` in the time zone. */
export function toDateTimeText(time: Date, zone: Zone = viewerZone): string {
  return toWallText(time.getTime(), zone).slice(0, 19).replace('T', ' ');
}

/** The time of day, with the date if it is not today. */
export function toShortText(time: Date, now: Date, zone: Zone = viewerZone): string {
  return toDateText(time, zone) === toDateText(now, zone)
    ? toClockText(time, zone)
    : toDateTimeText(time, zone);
}

/** Text that parses back to the same second: has an offset if the wall-clock time occurs twice. */
export function toInputText(iso: string, zone: Zone = viewerZone): string {
  const timeMs = Date.parse(iso);
  const text = toDateTimeText(new Date(timeMs), zone);
  const isUnambiguous = fromWallMs(toWallMs(timeMs, zone), zone) === timeMs;
  return isUnambiguous ? text : `${text}${toOffsetText(timeMs, zone)}`;
}

/** `Europe/Berlin (UTC+01:00)` */
export function toZoneText(zone: Zone, now: Date): string {
  const name = toZoneName(zone);
  if (name === utcZoneName) return name;
  const offset = toOffsetText(now.getTime(), zone);
  return offset === '+00:00' ? `${name} (UTC)` : `${name} (UTC${offset.replace('-', '−')})`;
}
