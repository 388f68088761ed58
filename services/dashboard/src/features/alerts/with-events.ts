import {
  type AlertEvent,
  type Alerts,
  type ReadingEvent,
  type SensorAlert,
  toAlertState,
  toClockAheadMs,
} from '@sensor-sentinel/contracts';
import type { LiveEvents } from '../../api/refresh-policy.ts';

/**
 * What `GET /alerts` would return after these events; the same object if they change nothing. Null if the events do not
 * tell, such as those of a new sensor: the alerts must then be refetched.
 * @param sensors the sensors of the request; empty: all
 */
export function withEvents(alerts: Alerts, events: LiveEvents, sensors: readonly string[]): Alerts | null {
  const isRequested = ({ sensor_id }: { sensor_id: string }) =>
    sensors.length === 0 || sensors.includes(sensor_id);
  const readings = events.readings.filter(isRequested);
  const changes = events.alerts.filter(isRequested);
  if (readings.length + changes.length === 0) return alerts;
  const shown = new Map(alerts.sensors.map((sensor) => [sensor.sensor_id, sensor]));
  const counts = { ...alerts.counts };
  let newest = alerts.newest_at;
  for (const reading of readings) {
    const before = shown.get(reading.sensor_id);
    // If not all sensors are listed, it may be one of the others.
    if (before === undefined && alerts.next_cursor === null) return null;
    if (before?.retired) return null;
    if (before !== undefined) shown.set(reading.sensor_id, withReading(before, reading));
    if (newest === null || newest < reading.received_at) newest = reading.received_at;
  }
  for (const change of changes) {
    const before = shown.get(change.sensor_id);
    const previous = before?.state ?? change.previous;
    if (previous === null || before?.retired) return null;
    if (before === undefined && (alerts.next_cursor === null || change.state === 'anomaly')) return null;
    counts[previous] -= 1;
    counts[change.state] += 1;
    if (before !== undefined) shown.set(change.sensor_id, withChange(before, change));
  }
  const state = toAlertState(counts, alerts.retired);
  return { ...alerts, state, counts, newest_at: newest, sensors: [...shown.values()] };
}

function withReading(before: SensorAlert, { received_at, ...reading }: ReadingEvent): SensorAlert {
  if (received_at < before.received_at) return before;
  const clock_ahead_ms = toClockAheadMs({ timestamp: reading.timestamp, received_at });
  return { ...before, reading, received_at, clock_ahead_ms };
}

/** A sensor is silent since its newest reading, which the API tells as the start of its run. */
function withChange(before: SensorAlert, { state, at }: AlertEvent): SensorAlert {
  return { ...before, state, since: state === 'silent' ? before.since : at };
}
