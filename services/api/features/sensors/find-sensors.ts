import type { Sensor, SensorsPage, SensorsQuery } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { selectRows } from '../../storage/connection.ts';
import { fromSqlTimestamp, toSqlTimestamp } from '../../storage/sql-values.ts';
import type { ArrivedRow } from '../readings/reading-row.ts';
import { findActivity, sparklineStepMs, toSinceMs } from './find-activity.ts';
import { findNewestReadings, toArrival } from './newest-arrivals.ts';
import { countSensors, formatSensorCursor, listSensorPlaces, parseSensorCursor } from './sensor-places.ts';

interface SensorsOptions {
  now: Date;
  silentAfterMs: number;
}

/**
 * One page of sensors. Readings and activity are read only for the sensors on the page.
 * @throws ApiError `validation_failed` for an invalid cursor; StorageError
 */
export async function findSensors(
  pool: Pool,
  query: SensorsQuery,
  { now, silentAfterMs }: SensorsOptions,
): Promise<SensorsPage> {
  const { limit, cursor, sparkline } = query;
  const after = cursor === undefined ? undefined : parseSensorCursor(cursor, query);
  const silentBeforeMs = now.getTime() - silentAfterMs;
  const silentBefore = toSqlTimestamp(new Date(silentBeforeMs).toISOString());
  const [places, total] = await Promise.all([
    listSensorPlaces(pool, query, { after, limit: limit + 1, silentBefore }),
    countSensors(pool, query),
  ]);
  const page = places.slice(0, limit);
  const sensorIds = page.map(({ sensor_id }) => sensor_id);
  const [readings, lastSeen, activities] = await Promise.all([
    findNewestReadings(pool, sensorIds),
    findLastSeen(pool, sensorIds),
    findActivity(pool, { sensorIds, subject: sparkline, now }),
  ]);
  const sensors = sensorIds.flatMap((sensor_id): Sensor[] => {
    const activity = activities.get(sensor_id);
    if (activity === undefined) return [];
    const row = readings.get(sensor_id);
    // The ledger is flushed up to a second later.
    const last_seen = lastSeen.get(sensor_id) ?? (row ? fromSqlTimestamp(row.received_at) : null);
    return [{ sensor_id, ...toNewest(row, silentBeforeMs), last_seen, ...activity }];
  });
  const last = places.length > limit ? page.at(-1) : undefined;
  return {
    as_of: now.toISOString(),
    silent_after_ms: silentAfterMs,
    since: new Date(toSinceMs(now)).toISOString(),
    sparkline_of: sparkline,
    sparkline_step_ms: sparklineStepMs,
    total,
    sensors,
    next_cursor: last ? formatSensorCursor(query, last) : null,
  };
}

async function findLastSeen(pool: Pool, sensorIds: readonly string[]): Promise<Map<string, string>> {
  if (sensorIds.length === 0) return new Map();
  const sql = `SELECT sensor_id, last_seen FROM ledger_arrivals
    WHERE sensor_id IN (?) AND last_seen IS NOT NULL`;
  const rows = await selectRows<{ sensor_id: string; last_seen: string }>(pool, { sql, values: [sensorIds] });
  return new Map(rows.map(({ sensor_id, last_seen }) => [sensor_id, fromSqlTimestamp(last_seen)]));
}

type Newest = Pick<Sensor, 'state' | 'reading' | 'clock_ahead_ms'>;

function toNewest(row: ArrivedRow | undefined, silentBeforeMs: number): Newest {
  if (row === undefined) return { state: 'silent', reading: null, clock_ahead_ms: null };
  const { reading, received_at, clock_ahead_ms } = toArrival(row);
  const state = reading.prediction === 1 ? 'anomaly' : 'normal';
  const isSilent = Date.parse(received_at) < silentBeforeMs;
  return { state: isSilent ? 'silent' : state, reading, clock_ahead_ms };
}
