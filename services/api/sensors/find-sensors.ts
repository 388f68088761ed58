import type {
  Sensor,
  SensorState,
  SensorsPage,
  SensorsQuery,
  StoredReading,
} from '@sensor-sentinel/contracts';
import type { CallbackPool } from '../storage/pool.ts';
import { type ReadingRow, readingColumns, toStoredReading } from '../storage/reading-row.ts';
import { selectRows } from '../storage/run-query.ts';
import { fromSqlTimestamp, toSqlTimestamp } from '../storage/sql-values.ts';
import { findActivity, sparklineStepMs, toSinceMs } from './find-activity.ts';
import {
  countSensors,
  formatSensorCursor,
  listSensorPlaces,
  newestSeqSql,
  parseSensorCursor,
} from './sensor-places.ts';

interface SensorsOptions {
  now: Date;
  silentAfterMs: number;
}

async function findNewestReadings(
  pool: CallbackPool,
  sensorIds: readonly string[],
): Promise<Map<string, StoredReading>> {
  if (sensorIds.length === 0) return new Map();
  const names = sensorIds.map(() => 'SELECT ? AS sensor_id').join(' UNION ALL ');
  const sql = `SELECT ${readingColumns} FROM readings WHERE seq IN
    (SELECT seq FROM (SELECT ${newestSeqSql} AS seq FROM (${names}) AS sensors) AS newest)`;
  const rows = await selectRows<ReadingRow>(pool, { sql, values: sensorIds });
  return new Map(rows.map((row) => [row.sensor_id, toStoredReading(row)]));
}

async function findLastSeen(pool: CallbackPool, sensorIds: readonly string[]): Promise<Map<string, string>> {
  if (sensorIds.length === 0) return new Map();
  const sql = `SELECT sensor_id, last_seen FROM ledger_arrivals
    WHERE sensor_id IN (?) AND last_seen IS NOT NULL`;
  const rows = await selectRows<{ sensor_id: string; last_seen: string }>(pool, { sql, values: [sensorIds] });
  return new Map(rows.map(({ sensor_id, last_seen }) => [sensor_id, fromSqlTimestamp(last_seen)]));
}

function toState(reading: StoredReading | null, silentBeforeMs: number): SensorState {
  if (reading === null || Date.parse(reading.timestamp) < silentBeforeMs) return 'silent';
  return reading.prediction === 1 ? 'anomaly' : 'normal';
}

/** A page of sensors; only for those on it anything is looked up but what the order needs. */
export async function findSensors(
  pool: CallbackPool,
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
    const reading = readings.get(sensor_id) ?? null;
    const activity = activities.get(sensor_id);
    if (activity === undefined) return [];
    const last_seen = lastSeen.get(sensor_id) ?? null;
    return [{ sensor_id, state: toState(reading, silentBeforeMs), reading, last_seen, ...activity }];
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
