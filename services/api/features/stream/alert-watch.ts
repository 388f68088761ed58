import type { AlertEvent, SensorState } from '@sensor-sentinel/contracts';
import { fromSqlTimestamp } from '../../storage/sql-values.ts';
import type { ArrivedRow } from '../readings/reading-row.ts';
import {
  type AlertMemory,
  type AlertMemoryRow,
  createAlertMemory,
  fromMemoryRow,
  remember,
  toSensorState,
  toSilentAfterMs,
} from '../sensors/alert-memory.ts';

interface WatchedSensor {
  type: string;
  sensor_id: string;
  seq: number;
  receivedMs: number;
  memory: AlertMemory;
  /** By its readings alone. */
  predicted: Exclude<SensorState, 'silent'>;
  state: SensorState;
}

/** A stored reading; `type` is the name of its type. */
type WatchedReading = Pick<ArrivedRow, 'sensor_id' | 'seq' | 'received_at' | 'prediction'> & { type: string };

export const maxWatchedSensors = 10_000;

/**
 * Tracks the state of every sensor, as defined by `GET /alerts`, and reports its changes.
 * @param silentAfterMs for a sensor whose usual interval is not known
 */
export function createAlertWatch(silentAfterMs: number) {
  /** By type and name. */
  const sensors = new Map<string, WatchedSensor>();
  const toKey = ({ type, sensor_id }: Pick<WatchedSensor, 'type' | 'sensor_id'>) => `${type} ${sensor_id}`;

  function toState(
    { receivedMs, memory, predicted }: Omit<WatchedSensor, 'state'>,
    nowMs: number,
  ): SensorState {
    return nowMs - receivedMs > toSilentAfterMs(memory, silentAfterMs) ? 'silent' : predicted;
  }

  function toWatched(reading: WatchedReading, memory: AlertMemory, nowMs: number): WatchedSensor {
    const { type, sensor_id, seq, received_at, prediction } = reading;
    const receivedMs = Date.parse(fromSqlTimestamp(received_at));
    const predicted = toSensorState(prediction, memory.anomalyMs !== null);
    const newest = { type, sensor_id, seq, receivedMs, memory, predicted };
    return { ...newest, state: toState(newest, nowMs) };
  }

  function keep(watched: WatchedSensor): void {
    const key = toKey(watched);
    sensors.delete(key);
    sensors.set(key, watched);
    if (sensors.size > maxWatchedSensors)
      for (const oldest of sensors.keys()) return void sensors.delete(oldest);
  }

  return {
    /** Takes the newest reading of each sensor, in the order of arrival. */
    start(newest: readonly (WatchedReading & AlertMemoryRow)[], nowMs: number): void {
      sensors.clear();
      for (const reading of newest) keep(toWatched(reading, fromMemoryRow(reading), nowMs));
    },
    /** Takes a stored reading. It is ignored if a later one of its sensor arrived before. */
    see(reading: WatchedReading, nowMs: number): AlertEvent | undefined {
      const { type, sensor_id, seq, received_at, prediction } = reading;
      const before = sensors.get(toKey(reading));
      if (before && seq <= before.seq) return undefined;
      const receivedMs = Date.parse(fromSqlTimestamp(received_at));
      const memory = remember(before?.memory ?? createAlertMemory(), [receivedMs, prediction]);
      const watched = toWatched(reading, memory, nowMs);
      keep(watched);
      if (watched.state === before?.state) return undefined;
      const { state } = watched;
      return { type, sensor_id, state, previous: before?.state ?? null, at: fromSqlTimestamp(received_at) };
    },
    /** Returns the sensors that have become silent. */
    tick(nowMs: number): AlertEvent[] {
      const silent = [...sensors.values()].filter(
        (watched) => watched.state !== 'silent' && toState(watched, nowMs) === 'silent',
      );
      return silent.map((watched) => {
        const { type, sensor_id, receivedMs, memory } = watched;
        const previous = watched.state;
        watched.state = 'silent';
        const at = new Date(receivedMs + toSilentAfterMs(memory, silentAfterMs)).toISOString();
        return { type, sensor_id, state: 'silent', previous, at };
      });
    },
  };
}
