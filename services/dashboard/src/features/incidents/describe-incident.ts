import type { Incident } from '@sensor-sentinel/contracts';
import { formatDuration } from '../../ui/format-duration.ts';
import { isolateName } from '../../ui/isolate-name.ts';
import { toWindow } from '../time/time-window.ts';
import { goHistorical } from '../url-state/time-transitions.ts';
import type { UrlState } from '../url-state/url-state.ts';

/** `Anomalies, boiler room` */
export function toIncidentTitle({ rule, sensor_id }: Pick<Incident, 'rule' | 'sensor_id'>): string {
  return `${isolateName(rule)}, ${isolateName(sensor_id)}`;
}

/** When a person or the rule ended it; null while it is active. */
export function toEndedAt({
  state,
  resolved,
  cleared_at,
}: Pick<Incident, 'state' | 'resolved' | 'cleared_at'>): string | null {
  return state === 'firing' ? null : (resolved?.at ?? cleared_at);
}

const labelTitles = { 1: 'real anomaly', 0: 'false alarm' } as const;

/** `Active for 3 min`, `Acknowledged, active for 3 min`, `Cleared after 5 min` or `Resolved after 5 min`, and what it was. */
export function describeState(incident: Incident, nowMs: number): string {
  const { acknowledged, resolved, opened_at, started_at, feedback } = incident;
  const endedAt = toEndedAt(incident);
  const label = feedback === null ? '' : `, ${labelTitles[feedback]}`;
  if (endedAt === null) {
    const length = formatDuration(nowMs - Date.parse(opened_at));
    return `${acknowledged === null ? 'Active' : 'Acknowledged, active'} for ${length}${label}`;
  }
  const length = formatDuration(Date.parse(endedAt) - Date.parse(started_at));
  return `${resolved === null ? 'Cleared' : 'Resolved'} after ${length}${label}`;
}

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

const leastMarginMs = 60_000;

/** Opens the overview of the sensor with a window slightly wider than the incident that does not end after now. */
export function zoomToIncident(incident: Incident, nowMs: number): (state: UrlState) => UrlState {
  const startMs = Date.parse(incident.started_at);
  const endMs = Date.parse(toEndedAt(incident) ?? incident.last_seen_at);
  const marginMs = Math.max(leastMarginMs, (endMs - startMs) / 4);
  // The clock of a sensor may be ahead.
  const toMs = Math.max(endMs + 1000, Math.min(nowMs, endMs + marginMs));
  const window = toWindow(Math.round(startMs - marginMs), Math.round(toMs));
  return (state) => ({
    ...state,
    view: 'overview',
    sensors: [incident.sensor_id],
    incident: null,
    time: goHistorical(state.time, window),
  });
}
