import {
  type Alerts,
  type ReadingEvent,
  type SensorAlert,
  type SensorState,
  type StateCounts,
  toAlertState,
  toClockAheadMs,
} from '@sensor-sentinel/contracts';

function isNews(reading: ReadingEvent, shown: SensorAlert | undefined): boolean {
  return shown === undefined || (reading.id !== shown.reading.id && reading.received_at >= shown.received_at);
}

function toSensorState({ received_at, prediction }: ReadingEvent, alerts: Alerts): SensorState {
  // Relative to the time of the response, which is slightly early; the API reports sensors that become silent later.
  const isLate = Date.parse(alerts.as_of) - Date.parse(received_at) > alerts.silent_after_ms;
  if (isLate) return 'silent';
  if (prediction === null) return 'unscored';
  return prediction === 1 ? 'anomaly' : 'normal';
}

function toSensorAlert(event: ReadingEvent, before: SensorAlert | undefined, alerts: Alerts): SensorAlert {
  const { received_at, ...reading } = event;
  const isAsBefore = before?.reading.prediction === reading.prediction;
  return {
    sensor_id: reading.sensor_id,
    state: toSensorState(event, alerts),
    since: isAsBefore ? before.since : received_at,
    reading,
    received_at,
    clock_ahead_ms: toClockAheadMs(event),
  };
}

/** The best state among the sensors that are counted but not listed. Likely, because the worst are listed first. */
function findUnlistedState(counts: StateCounts, listed: Iterable<SensorAlert>): SensorState | undefined {
  const unlisted = { ...counts };
  for (const { state } of listed) unlisted[state] -= 1;
  return (['normal', 'unscored', 'silent', 'anomaly'] as const).find((state) => unlisted[state] > 0);
}

/**
 * What `GET /alerts` would return now; returns the same object if no reading is newer. If the list is only the first
 * page, an unlisted sensor is added when it has an anomaly; its previous state is a guess until the next response.
 */
export function withReadings(alerts: Alerts, readings: ReadonlyMap<string, ReadingEvent>): Alerts {
  const shown = new Map(alerts.sensors.map((sensor) => [sensor.sensor_id, sensor]));
  const isWhole = alerts.next_cursor === null;
  const news = [...readings.values()].filter((reading) => {
    const before = shown.get(reading.sensor_id);
    return (
      isNews(reading, before) &&
      (isWhole || before !== undefined || toSensorState(reading, alerts) === 'anomaly')
    );
  });
  if (news.length === 0) return alerts;
  const counts = { ...alerts.counts };
  for (const reading of news) {
    const before = shown.get(reading.sensor_id);
    const sensor = toSensorAlert(reading, before, alerts);
    const stateBefore = before?.state ?? (isWhole ? undefined : findUnlistedState(counts, shown.values()));
    if (stateBefore !== undefined) counts[stateBefore] -= 1;
    counts[sensor.state] += 1;
    shown.set(sensor.sensor_id, sensor);
  }
  return { ...alerts, state: toAlertState(counts), counts, sensors: [...shown.values()] };
}
