import type { EpisodesQuery } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { selectRows } from '../../storage/connection.ts';
import { selectWithin } from '../../storage/time-limit.ts';
import { type Condition, toWhere, windowConditions } from '../../storage/where.ts';
import { isAfter, isBeforeSql, type Place } from './anomaly-place.ts';

export interface Anomaly extends Place {
  sensor_id: string;
  score: number;
}

const limitMs = 2000;

/** Up to so many sensors are looked at one by one, so that a long run of one is passed over, not through. */
const fewSensors = 20;

/** The sensors that are asked for; all, where they are few; undefined where they are many. */
export async function listFewSensors(
  pool: Pool,
  asked: readonly string[] | undefined,
): Promise<readonly string[] | undefined> {
  if (asked !== undefined) return asked;
  const sql = `SELECT sensor_id FROM ledger_stored UNION SELECT sensor_id FROM rollup_deltas
    LIMIT ${fewSensors + 1}`;
  const rows = await selectRows<{ sensor_id: string }>(pool, { sql });
  return rows.length > fewSensors ? undefined : rows.map(({ sensor_id }) => sensor_id);
}

/** The place up to which a sensor is done with; null where nothing is left of it. */
export type Passed = ReadonlyMap<string, Place | null>;

interface Scan {
  query: EpisodesQuery;
  sensors: readonly string[] | undefined;
  before: Place | undefined;
  passed: Passed;
  limit: number;
}

function earlier(a: Place | undefined, b: Place | undefined): Place | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return isAfter(a, b) ? b : a;
}

/** One stretch of an index, from its newest anomaly on. */
function toStretch(index: string, conditions: readonly Condition[], limit: number): Condition {
  const { sql, values } = toWhere([{ sql: 'prediction = 1', values: [] }, ...conditions]);
  return {
    sql: `(SELECT sensor_id, timestamp, seq, score FROM readings FORCE INDEX (${index}) ${sql}
      ORDER BY timestamp DESC, seq DESC LIMIT ${limit})`,
    values,
  };
}

/** The newest anomalies of the window before a place, newest first. */
export async function scanAnomalies(pool: Pool, scan: Scan): Promise<Anomaly[]> {
  const { query, sensors, before, passed, limit } = scan;
  const window = windowConditions({ from: query.from, to: query.to });
  const left = sensors?.filter((sensor) => passed.get(sensor) !== null);
  const stretches = left?.map((sensor) => {
    const ofSensor = { sql: 'sensor_id = ?', values: [sensor] };
    const place = earlier(before, passed.get(sensor) ?? undefined);
    const conditions = [ofSensor, ...window, ...isBeforeSql(place)];
    return toStretch('readings_sensor_prediction_timestamp', conditions, limit);
  }) ?? [toStretch('readings_prediction_timestamp', [...window, ...isBeforeSql(before)], limit)];
  if (stretches.length === 0) return [];
  const sql = `* FROM (${stretches.map((stretch) => stretch.sql).join(' UNION ALL ')}) AS anomalies
    ORDER BY timestamp DESC, seq DESC LIMIT ${limit}`;
  return selectWithin<Anomaly>(pool, { sql, values: stretches.flatMap(({ values }) => values) }, limitMs);
}
