import type { Incident } from '@sensor-sentinel/contracts';
import { formatDuration } from '../../ui/format-duration.ts';
import { isolateName } from '../../ui/isolate-name.ts';

/** `Anomalies, boiler room` */
export function toIncidentTitle({ rule, sensor_id }: Pick<Incident, 'rule' | 'sensor_id'>): string {
  return `${isolateName(rule)}, ${isolateName(sensor_id)}`;
}

/** When a person or the rule ended it; null while it is firing. */
export function toEndedAt({ state, resolved, cleared_at }: Incident): string | null {
  return state === 'firing' ? null : (resolved?.at ?? cleared_at);
}

/** `Firing`, `Acknowledged`, `Resolved` or `Cleared`. */
export function toStateTitle({ state, acknowledged, resolved }: Incident): string {
  if (state === 'firing') return acknowledged === null ? 'Firing' : 'Acknowledged';
  return resolved === null ? 'Cleared' : 'Resolved';
}

/** `firing for 3 min 5 s`, or how long it lasted: `3 min 5 s`. */
export function describeLength(incident: Incident, nowMs: number): string {
  const endedAt = toEndedAt(incident);
  if (endedAt === null) return `firing for ${formatDuration(nowMs - Date.parse(incident.opened_at))}`;
  return formatDuration(Date.parse(endedAt) - Date.parse(incident.started_at));
}

export const incidentLabels = { 1: 'Real anomaly', 0: 'False alarm' } as const;

/** What people said about an incident, the oldest first. */
export function toRemarks({ acknowledged, resolved, comments }: Incident): Incident['comments'] {
  const remarks = [...comments];
  if (acknowledged !== null) {
    const { at, by, comment } = acknowledged;
    remarks.push({ at, by, text: comment === '' ? 'Acknowledged' : `Acknowledged: ${comment}` });
  }
  if (resolved !== null) remarks.push({ ...resolved, text: 'Resolved' });
  return remarks.toSorted((a, b) => (a.at < b.at ? -1 : 1));
}
