import type { Incident } from '@sensor-sentinel/contracts';
import { toWindow } from '../time/time-window.ts';
import { goHistorical } from '../url-state/time-transitions.ts';
import type { UrlState } from '../url-state/url-state.ts';
import { toEndedAt } from './describe-incident.ts';

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
