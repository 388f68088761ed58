import { createHash } from 'node:crypto';
import { escapeUnsafe, type Incident } from '@sensor-sentinel/contracts';

/** The largest number of incidents that a message lists. An Alertmanager gets all of them. */
export const maxListed = 20;

/** What a message is about: incidents of one rule, in their present state. */
export interface Notification {
  /** The same for each attempt, so that a receiver can recognize a message that it has already got. */
  id: string;
  receiver: string;
  rule: string;
  status: 'firing' | 'resolved';
  /** Firing incidents first. */
  incidents: readonly Incident[];
  /** Where people open the dashboard, without a slash at the end. */
  externalUrl: string;
  /** Where the message leads to. */
  url: string;
  nowMs: number;
}

type NotificationSource = Omit<Notification, 'status' | 'url'>;

/** Characters that could hide or reorder text are escaped. */
export function toNotification(source: NotificationSource): Notification {
  const isFiring = ({ state }: Incident) => state === 'firing';
  const safe = source.incidents.map(toSafeIncident);
  const incidents = [...safe.filter(isFiring), ...safe.filter((incident) => !isFiring(incident))];
  const status = incidents.some(isFiring) ? 'firing' : 'resolved';
  const externalUrl = source.externalUrl.replace(/\/+$/, '');
  const url = toMessageUrl(externalUrl, incidents);
  return { ...source, rule: escapeUnsafe(source.rule), externalUrl, url, incidents, status };
}

/** The incident of the message, or the page of all incidents of the sensor type if it has several. */
function toMessageUrl(externalUrl: string, incidents: readonly Incident[]): string {
  const [first, ...others] = incidents;
  if (first === undefined) return toAlertsUrl(externalUrl);
  if (others.length === 0) return `${toAlertsUrl(externalUrl, first)}&incident=${first.id}`;
  return `${toAlertsUrl(externalUrl)}&${new URLSearchParams({ type: first.type })}`;
}

function toSafeIncident(incident: Incident): Incident {
  const labels = Object.entries(incident.labels).map(([name, value]) => [name, escapeUnsafe(value)]);
  return {
    ...incident,
    rule: escapeUnsafe(incident.rule),
    sensor_id: escapeUnsafe(incident.sensor_id),
    summary: escapeUnsafe(incident.summary),
    description: escapeUnsafe(incident.description),
    labels: Object.fromEntries(labels),
  };
}

/** `[FIRING:2] Too warm — press-1, press-2` */
export function toTitle({ status, rule, incidents }: Notification): string {
  const relevant = incidents.filter(({ state }) => (status === 'firing') === (state === 'firing'));
  const sensors = [...new Set(relevant.map(({ sensor_id }) => sensor_id))];
  const named = sensors.slice(0, 3).join(', ');
  const others = sensors.length > 3 ? ` and ${sensors.length - 3} more` : '';
  return `[${status.toUpperCase()}:${relevant.length}] ${rule} — ${named}${others}`;
}

/** The incidents that a message lists, and how many others it has. */
export function toListed({ incidents }: Notification): { listed: readonly Incident[]; more: number } {
  return { listed: incidents.slice(0, maxListed), more: Math.max(0, incidents.length - maxListed) };
}

/** One line for each listed incident, and one for the others, each of at most `maxLength` characters. */
export function toLines(notification: Notification, maxLength: number): string[] {
  const { listed, more } = toListed(notification);
  const lines = listed.map((incident) => shorten(toLine(incident), maxLength));
  return more > 0 ? [...lines, `and ${more} more`] : lines;
}

function toLine(incident: Incident): string {
  const { state, sensor_id, summary, opened_at } = incident;
  const words = summary.replaceAll(/\s+/g, ' ').trim();
  const what = words.includes(sensor_id) ? words : `${sensor_id}: ${words}`;
  const when = state === 'firing' ? `since ${opened_at}` : `${opened_at} to ${toEndedAt(incident)}`;
  return `${state === 'firing' ? 'Firing' : 'Resolved'} ${when} — ${what}`;
}

/** When the incident cleared, or when a person resolved it before that; null while it fires. */
export function toEndedAt({ state, resolved, cleared_at }: Incident): string | null {
  return state === 'firing' ? null : (resolved?.at ?? cleared_at);
}

/** Keeps whole characters. */
export function shorten(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  let start = '';
  for (const character of text) {
    if (start.length + character.length >= maxLength) break;
    start += character;
  }
  return `${start}…`;
}

/** The most severe of the incidents. */
export function toSeverity({ incidents }: Notification): Incident['severity'] {
  const severities = ['critical', 'warning', 'info'] as const;
  return severities.find((one) => incidents.some(({ severity }) => severity === one)) ?? 'info';
}

/** The page of the alerts, of one sensor if an incident is given. */
export function toAlertsUrl(externalUrl: string, incident?: Incident): string {
  const query = new URLSearchParams({ view: 'alerts' });
  if (incident !== undefined) {
    query.set('type', incident.type);
    query.set('sensor', incident.sensor_id);
  }
  return `${externalUrl}/?${query}`;
}

/** A UUID (version 8) that depends on the parts alone. */
export function toKey(...parts: readonly string[]): string {
  const bytes = createHash('sha256').update(JSON.stringify(parts)).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
