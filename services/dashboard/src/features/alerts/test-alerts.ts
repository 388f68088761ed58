import {
  type Alerts,
  type SensorAlert,
  type SensorState,
  type StateCounts,
  toAlertState,
} from '@sensor-sentinel/contracts';

/** A sensor for tests that has been in its state since a minute of the hour, when its newest reading arrived. */
export function createSensor(sensor_id: string, state: SensorState, minute: number): SensorAlert {
  const since = `2026-11-22T10:0${minute}:00.000Z`;
  const values = { temperature: 24, humidity: 52, sound_volume: 60, score: 0.1, prediction: 0 as const };
  const id = '0197b2a4-0000-7000-8000-000000000000';
  return {
    ...{ sensor_id, state, retired: false, since, received_at: since, clock_ahead_ms: null },
    reading: { id, type: 'climate', sensor_id, timestamp: since, ...values, model: 'm' },
  };
}

/** All sensors, unless the counts exceed the listed ones. */
export function createAlerts(sensors: SensorAlert[], counts = countStates(sensors)): Alerts {
  const retired = sensors.filter((sensor) => sensor.retired).length;
  return {
    ...{ type: 'climate', as_of: '2026-11-22T10:10:00.000Z', silent_after_ms: 60_000, next_cursor: null },
    ...{ state: toAlertState(counts, retired), counts, retired, sensors },
    incidents: { firing: 0, unacknowledged: 0, elsewhere: 0, newest: [], last: null },
    newest_at:
      sensors
        .map(({ received_at }) => received_at)
        .toSorted()
        .at(-1) ?? null,
  };
}

function countStates(sensors: readonly SensorAlert[]): StateCounts {
  const counts = { anomaly: 0, normal: 0, silent: 0, unscored: 0 };
  for (const { state, retired } of sensors) if (!retired) counts[state] += 1;
  return counts;
}
