import type { Matcher, Silence } from '@sensor-sentinel/contracts';
import { isolateName } from '../../ui/isolate-name.ts';
import { toDateTimeText, toShortText } from '../time/format-time.ts';
import { fromWallMs, toWallMs, type Zone } from '../time/zone.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The labels that every incident has, as a person calls them. */
export const labelTitles: Readonly<Record<string, string>> = {
  sensor: 'Sensor',
  alertname: 'Rule',
  severity: 'Severity',
  sensor_type: 'Sensor type',
};

/** `Sensor attic`, `Sensor like cold-store-.*` or `Severity not critical`; labels of rules as `team: roof`. */
export function describeMatcher({ name, value, isRegex, isEqual }: Matcher): string {
  const title = labelTitles[name] ?? `${name}:`;
  const what = value === '' ? 'empty' : isolateName(value);
  return [title, isEqual ? '' : 'not', isRegex ? 'like' : '', what].filter((word) => word !== '').join(' ');
}

interface Clock {
  nowMs: number;
  zone: Zone;
}

/** `18:00`, `tomorrow 18:00`, or with the date. */
export function toUntilText(iso: string, { nowMs, zone }: Clock): string {
  const text = toShortText(new Date(iso), new Date(nowMs), zone).slice(0, -3);
  const tomorrow = toDateTimeText(new Date(nowMs + dayMs), zone).slice(0, 10);
  return text.replace(tomorrow, 'tomorrow');
}

/** `Sensor cold-store-.*, until 18:00, by Ada: new compressor` */
export function describeSilence(silence: Silence, clock: Clock): string {
  const { matchers, starts_at, ends_at, created_by, comment, state } = silence;
  const until = toUntilText(ends_at, clock);
  const when = {
    active: `until ${until}`,
    pending: `from ${toUntilText(starts_at, clock)} until ${until}`,
    expired: `ended ${until}`,
  }[state];
  const by = created_by === 'anonymous' ? '' : ` · by ${isolateName(created_by)}`;
  return `${matchers.map(describeMatcher).join(' and ')} · ${when}${by} · ${comment}`;
}

export interface SilenceLength {
  title: string;
  toEndMs: (clock: Clock) => number;
}

function lasting(title: string, durationMs: number): SilenceLength {
  return { title, toEndMs: ({ nowMs }) => nowMs + durationMs };
}

/** How long silences last, the usual ones first. */
export const silenceLengths: readonly SilenceLength[] = [
  lasting('1 hour', hourMs),
  lasting('4 hours', 4 * hourMs),
  {
    title: 'Until tomorrow 08:00',
    toEndMs: ({ nowMs, zone }) => {
      const today = Math.floor(toWallMs(nowMs, zone) / dayMs) * dayMs;
      return fromWallMs(today + dayMs + 8 * hourMs, zone);
    },
  },
  lasting('1 day', dayMs),
  lasting('1 week', 7 * dayMs),
];
