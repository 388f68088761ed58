import type { AlertState, Alerts, SensorState, StoredReading } from '@sensor-sentinel/contracts';

type SensorAlert = Alerts['sensors'][number];

function isNews(reading: StoredReading, shown: StoredReading | undefined): boolean {
  return shown === undefined || (reading.id !== shown.id && reading.timestamp >= shown.timestamp);
}

function toSensorState({ timestamp, prediction }: StoredReading, alerts: Alerts): SensorState {
  // By the time of the answer, which is a little early: a sensor that falls silent is told by the API.
  const isLate = Date.parse(alerts.as_of) - Date.parse(timestamp) > alerts.silent_after_ms;
  if (isLate) return 'silent';
  return prediction === 1 ? 'anomaly' : 'normal';
}

function toState(sensors: readonly SensorAlert[]): AlertState {
  const states = new Set(sensors.map(({ state }) => state));
  if (states.size === 0) return 'empty';
  if (states.has('anomaly')) return 'anomaly';
  return states.has('normal') ? 'normal' : 'silent';
}

/** As `GET /alerts` would answer now; the very same where no reading is newer. */
export function withReadings(alerts: Alerts, readings: ReadonlyMap<string, StoredReading>): Alerts {
  const shown = new Map(alerts.sensors.map((sensor) => [sensor.sensor_id, sensor]));
  const news = [...readings.values()].filter((reading) =>
    isNews(reading, shown.get(reading.sensor_id)?.reading),
  );
  if (news.length === 0) return alerts;
  for (const reading of news) {
    const before = shown.get(reading.sensor_id);
    const isAsBefore = before?.reading.prediction === reading.prediction;
    shown.set(reading.sensor_id, {
      sensor_id: reading.sensor_id,
      state: toSensorState(reading, alerts),
      since: isAsBefore ? before.since : reading.timestamp,
      reading,
    });
  }
  const sensors = [...shown.values()];
  return { ...alerts, state: toState(sensors), sensors };
}
