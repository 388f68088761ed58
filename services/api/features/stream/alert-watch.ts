import type { AlertEvent, SensorState } from '@sensor-sentinel/contracts';
import { fromSqlTimestamp } from '../../storage/sql-values.ts';
import type { ArrivedRow } from '../readings/reading-row.ts';

interface Watched {
  seq: number;
  receivedMs: number;
  heard: Exclude<SensorState, 'silent'>;
  state: SensorState;
}

type SeenReading = Pick<ArrivedRow, 'sensor_id' | 'seq' | 'received_at' | 'prediction'>;

export const maxWatchedSensors = 10_000;

/** Knows the state of every sensor, as `GET /alerts` has it, and says when one changes. */
export function createAlertWatch(silentAfterMs: number) {
  const sensors = new Map<string, Watched>();

  function toState({ receivedMs, heard }: Omit<Watched, 'state'>, nowMs: number): SensorState {
    return nowMs - receivedMs > silentAfterMs ? 'silent' : heard;
  }

  function toWatched({ seq, received_at, prediction }: SeenReading, nowMs: number): Watched {
    const receivedMs = Date.parse(fromSqlTimestamp(received_at));
    const newest = { seq, receivedMs, heard: prediction === 1 ? ('anomaly' as const) : ('normal' as const) };
    return { ...newest, state: toState(newest, nowMs) };
  }

  function keep(sensorId: string, watched: Watched): void {
    sensors.delete(sensorId);
    sensors.set(sensorId, watched);
    if (sensors.size > maxWatchedSensors)
      for (const oldest of sensors.keys()) return void sensors.delete(oldest);
  }

  return {
    /** With the newest reading of each sensor, in the order of arrival. */
    start(newest: readonly SeenReading[], nowMs: number): void {
      sensors.clear();
      for (const reading of newest) keep(reading.sensor_id, toWatched(reading, nowMs));
    },
    /** A reading was stored: only the newest of its sensor, by arrival, counts. */
    see(reading: SeenReading, nowMs: number): AlertEvent | undefined {
      const { sensor_id, seq, received_at } = reading;
      const before = sensors.get(sensor_id);
      if (before && seq < before.seq) return undefined;
      const watched = toWatched(reading, nowMs);
      keep(sensor_id, watched);
      if (watched.state === before?.state) return undefined;
      const { state } = watched;
      return { sensor_id, state, previous: before?.state ?? null, at: fromSqlTimestamp(received_at) };
    },
    /** Time has passed: who has fallen silent? */
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
