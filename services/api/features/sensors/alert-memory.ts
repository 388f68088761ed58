import { minHoldMs, type SensorState } from '@sensor-sentinel/contracts';
import { fromSqlTimestamp, toSqlTime } from '../../storage/sql-values.ts';
import type { Condition } from '../../storage/where.ts';
import {
  type Arrivals,
  addArrival,
  createArrivals,
  minGaps,
  usualIntervalMs,
} from '../rules/usual-interval.ts';

/** The state `anomaly` also lasts at least this many usual intervals after an anomaly. */
const holdIntervals = 2;
/** A sensor that has sent nothing for this many usual intervals is silent, but not before `minSilentMs`. */
const silentIntervals = 10;
const minSilentMs = 10_000;
/** A sensor that has been silent for this long is retired: it no longer counts in the state of the system. */
const retiredAfterMs = 86_400_000;

/** What decides whether a sensor is in the state `anomaly`. */
export interface AlertMemory {
  arrivals: Arrivals;
  /** The arrival of the last anomaly; null once a normal reading has ended the state. */
  anomalyMs: number | null;
}

export function createAlertMemory(): AlertMemory {
  return { arrivals: createArrivals(), anomalyMs: null };
}

/** How long after an anomaly a normal reading does not end the state. */
export function toHoldMs({ arrivals }: AlertMemory): number {
  return Math.max(minHoldMs, Math.ceil(holdIntervals * (usualIntervalMs(arrivals) ?? 0)));
}

/** How long after its newest reading a sensor is silent. @param unknownMs for a sensor whose usual interval is not known */
export function toSilentAfterMs({ arrivals }: Pick<AlertMemory, 'arrivals'>, unknownMs: number): number {
  const usualMs = usualIntervalMs(arrivals);
  return usualMs === null ? unknownMs : Math.max(minSilentMs, silentIntervals * usualMs);
}

/** The same in SQL, for the columns of `states`. The placeholder is `unknownMs`. */
const silentAfterSql = `IF(states.gaps < ${minGaps}, ?, GREATEST(${minSilentMs}, ${silentIntervals} * states.mean_gap_ms))`;
const silenceSql = 'TIMESTAMPDIFF(MICROSECOND, states.received_at, ?) / 1000';

interface SilenceOptions {
  /** As in SQL. */
  now: string;
  silentAfterMs: number;
}

/** Whether a sensor is silent. */
export function isSilentSql({ now, silentAfterMs }: SilenceOptions): Condition {
  return { sql: `${silenceSql} > ${silentAfterSql}`, values: [now, silentAfterMs] };
}

/** Whether a sensor is retired, which is always silent too. */
export function isRetiredSql({ now, silentAfterMs }: SilenceOptions): Condition {
  return {
    sql: `${silenceSql} > GREATEST(${retiredAfterMs}, ${silentAfterSql})`,
    values: [now, silentAfterMs],
  };
}

/** An arrival and its prediction. */
export type Arrival = readonly [receivedMs: number, prediction: 0 | 1 | null];

/** The memory after one more reading. */
export function remember(memory: AlertMemory, [receivedMs, prediction]: Arrival): AlertMemory {
  const arrivals = { ...memory.arrivals };
  addArrival(arrivals, receivedMs);
  const { anomalyMs } = memory;
  if (prediction === 1) return { arrivals, anomalyMs: receivedMs };
  const isOver =
    prediction === 0 && anomalyMs !== null && receivedMs - anomalyMs >= toHoldMs({ arrivals, anomalyMs });
  return { arrivals, anomalyMs: isOver ? null : anomalyMs };
}

/** The state by the newest reading and what came before it, unless the sensor is silent. */
export function toSensorState(prediction: 0 | 1 | null, isHeld: boolean): Exclude<SensorState, 'silent'> {
  if (prediction === 1 || isHeld) return 'anomaly';
  return prediction === null ? 'unscored' : 'normal';
}

/** The columns of `sensor_states` with the memory. */
export interface AlertMemoryRow {
  received_at: string;
  anomaly_at: string | null;
  mean_gap_ms: number;
  gaps: number;
  outages: number;
}

export function fromMemoryRow({ received_at, anomaly_at, ...row }: AlertMemoryRow): AlertMemory {
  const { mean_gap_ms: meanGapMs, gaps, outages } = row;
  const newestMs = Date.parse(fromSqlTimestamp(received_at));
  return {
    arrivals: { newestMs, meanGapMs, gaps, outages },
    anomalyMs: anomaly_at === null ? null : Date.parse(fromSqlTimestamp(anomaly_at)),
  };
}

export function toMemoryRow({ arrivals, anomalyMs }: AlertMemory): AlertMemoryRow {
  const { newestMs, meanGapMs, gaps, outages } = arrivals;
  const anomaly_at = anomalyMs === null ? null : toSqlTime(anomalyMs);
  return { received_at: toSqlTime(newestMs), anomaly_at, mean_gap_ms: meanGapMs, gaps, outages };
}
