import type { AlertEvent, Alerts, SensorState } from '@sensor-sentinel/contracts';

interface Watched {
  timestampMs: number;
  heard: Exclude<SensorState, 'silent'>;
  state: SensorState;
}

interface SeenReading {
  sensor_id: string;
  timestamp: string;
  prediction: 0 | 1;
}

const maxSensors = 10_000;

/** Knows the state of every sensor, as `GET /alerts` has it, and says when one changes. */
export function createAlertWatch(silentAfterMs: number) {
  const sensors = new Map<string, Watched>();

  function toState({ timestampMs, heard }: Omit<Watched, 'state'>, nowMs: number): SensorState {
    return nowMs - timestampMs > silentAfterMs ? 'silent' : heard;
  }

  function keep(sensorId: string, watched: Watched): void {
    sensors.delete(sensorId);
    sensors.set(sensorId, watched);
    if (sensors.size > maxSensors) for (const oldest of sensors.keys()) return void sensors.delete(oldest);
  }

  return {
    start({ sensors: known }: Alerts): void {
      sensors.clear();
      for (const { sensor_id, state, reading } of known) {
        const heard = reading.prediction === 1 ? 'anomaly' : 'normal';
        sensors.set(sensor_id, { timestampMs: Date.parse(reading.timestamp), heard, state });
      }
    },
    /** A reading was stored: only the newest of its sensor counts. */
    see({ sensor_id, timestamp, prediction }: SeenReading, nowMs: number): AlertEvent | undefined {
      const before = sensors.get(sensor_id);
      const timestampMs = Date.parse(timestamp);
      if (before && timestampMs < before.timestampMs) return undefined;
      const newest = { timestampMs, heard: prediction === 1 ? ('anomaly' as const) : ('normal' as const) };
      const state = toState(newest, nowMs);
      keep(sensor_id, { ...newest, state });
      if (state === before?.state) return undefined;
      return { sensor_id, state, previous: before?.state ?? null, at: timestamp };
    },
    /** Time has passed: who has fallen silent? */
    tick(nowMs: number): AlertEvent[] {
      const silent = [...sensors].filter(
        ([, watched]) => watched.state !== 'silent' && toState(watched, nowMs) === 'silent',
      );
      return silent.map(([sensor_id, watched]) => {
        const previous = watched.state;
        watched.state = 'silent';
        const at = new Date(watched.timestampMs + silentAfterMs).toISOString();
        return { sensor_id, state: 'silent', previous, at };
      });
    },
  };
}
