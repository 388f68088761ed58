import type { AlertEvent, SensorState } from '@sensor-sentinel/contracts';
import { fromSqlTimestamp } from '../../storage/sql-values.ts';
import type { ArrivedRow } from '../readings/reading-row.ts';

interface WatchedSensor {
  seq: number;
  receivedMs: number;
  /** By the newest reading alone. */
  predicted: Exclude<SensorState, 'silent'>;
  state: SensorState;
}

type WatchedReading = Pick<ArrivedRow, 'sensor_id' | 'seq' | 'received_at' | 'prediction'>;

export const maxWatchedSensors = 10_000;

/** Tracks the state of every sensor, as defined by `GET /alerts`, and reports its changes. */
export function createAlertWatch(silentAfterMs: number) {
  const sensors = new Map<string, WatchedSensor>();

  function toState({ receivedMs, predicted }: Omit<WatchedSensor, 'state'>, nowMs: number): SensorState {
    return nowMs - receivedMs > silentAfterMs ? 'silent' : predicted;
  }

  function toWatched({ seq, received_at, prediction }: WatchedReading, nowMs: number): WatchedSensor {
    const receivedMs = Date.parse(fromSqlTimestamp(received_at));
    const predicted = prediction === 1 ? ('anomaly' as const) : ('normal' as const);
    const newest = { seq, receivedMs, predicted };
    return { ...newest, state: toState(newest, nowMs) };
  }

  function keep(sensorId: string, watched: WatchedSensor): void {
    sensors.delete(sensorId);
    sensors.set(sensorId, watched);
    if (sensors.size > maxWatchedSensors)
      for (const oldest of sensors.keys()) return void sensors.delete(oldest);
  }

  return {
    /** Takes the newest reading of each sensor, in the order of arrival. */
    start(newest: readonly WatchedReading[], nowMs: number): void {
      sensors.clear();
      for (const reading of newest) keep(reading.sensor_id, toWatched(reading, nowMs));
    },
    /** Takes a stored reading. It is ignored if a later one of its sensor arrived before. */
    see(reading: WatchedReading, nowMs: number): AlertEvent | undefined {
      const { sensor_id, seq, received_at } = reading;
      const before = sensors.get(sensor_id);
      if (before && seq < before.seq) return undefined;
      const watched = toWatched(reading, nowMs);
      keep(sensor_id, watched);
      if (watched.state === before?.state) return undefined;
      const { state } = watched;
      return { sensor_id, state, previous: before?.state ?? null, at: fromSqlTimestamp(received_at) };
    },
    /** Returns the sensors that have become silent. */
    tick(nowMs: number): AlertEvent[] {
      const silent = [...sensors].filter(
        ([, watched]) => watched.state !== 'silent' && toState(watched, nowMs) === 'silent',
      );
      return silent.map(([sensor_id, watched]) => {
        const previous = watched.state;
        watched.state = 'silent';
        const at = new Date(watched.receivedMs + silentAfterMs).toISOString();
        return { sensor_id, state: 'silent', previous, at };
      });
    },
  };
}
