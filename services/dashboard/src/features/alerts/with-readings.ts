import {
  type Alerts,
  minHoldMs,
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

type Hold = Pick<SensorAlert, 'anomaly_at' | 'hold_ms'>;

/** The anomaly that still decides about the state after this reading. */
function toAnomalyAt({ received_at, prediction }: ReadingEvent, before: Hold | undefined): string | null {
  if (prediction === 1) return received_at;
  if (!before?.anomaly_at) return null;
  const isOver = Date.parse(received_at) - Date.parse(before.anomaly_at) >= (before.hold_ms ?? 0);
  return prediction === 0 && isOver ? null : before.anomaly_at;
}

function toSensorState(event: ReadingEvent, before: Hold | undefined, alerts: Alerts): SensorState {
  const { received_at, prediction } = event;
  // Relative to the time of the response, which is slightly early; the API reports sensors that become silent later.
  const isLate = Date.parse(alerts.as_of) - Date.parse(received_at) > alerts.silent_after_ms;
  if (isLate) return 'silent';
  if (toAnomalyAt(event, before) !== null) return 'anomaly';
  return prediction === null ? 'unscored' : 'normal';
}

function toSensorAlert(event: ReadingEvent, before: SensorAlert | undefined, alerts: Alerts): SensorAlert {
  const { received_at, ...reading } = event;
  const isAsBefore = before?.reading.prediction === reading.prediction;
  return {
    sensor_id: reading.sensor_id,
    state: toSensorState(event, before, alerts),
    since: isAsBefore ? before.since : received_at,
    reading,
    received_at,
    clock_ahead_ms: toClockAheadMs(event),
    anomaly_at: toAnomalyAt(event, before),
    hold_ms: before === undefined ? minHoldMs : (before.hold_ms ?? 0),
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
      (isWhole || before !== undefined || toSensorState(reading, before, alerts) === 'anomaly')
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
