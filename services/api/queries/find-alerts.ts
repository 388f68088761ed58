import type { AlertState, Alerts, SensorState } from '@sensor-sentinel/contracts';
import type { CallbackPool } from '../storage/pool.ts';
import { type ReadingRow, readingColumns, toStoredReading } from '../storage/reading-row.ts';
import { selectRows } from '../storage/run-query.ts';
import { fromSqlTimestamp } from '../storage/sql-values.ts';

type NewestRow = ReadingRow & { since: string | null };

const maxSensors = 1000;

const newestSql = `SELECT ${readingColumns},
  (SELECT MIN(run.timestamp) FROM readings AS run
    WHERE run.sensor_id = newest.sensor_id AND run.prediction = newest.prediction
      AND run.timestamp > COALESCE((SELECT MAX(other.timestamp) FROM readings AS other
        WHERE other.sensor_id = newest.sensor_id AND other.prediction = 1 - newest.prediction
          AND other.timestamp <= newest.timestamp), '1000-01-01')) AS since
  FROM readings AS newest
  JOIN (SELECT sensor_id AS sensor, MAX(timestamp) AS at FROM readings GROUP BY sensor_id) AS sensors
    ON newest.seq = (SELECT last.seq FROM readings AS last WHERE last.sensor_id = sensors.sensor
      AND last.timestamp = sensors.at ORDER BY last.seq DESC LIMIT 1)
  ORDER BY timestamp DESC LIMIT ${maxSensors}`;

function toAlertState(states: readonly SensorState[]): AlertState {
  if (states.length === 0) return 'empty';
  if (states.includes('anomaly')) return 'anomaly';
  return states.includes('normal') ? 'normal' : 'silent';
}

interface AlertOptions {
  now: Date;
  silentAfterMs: number;
}

/** The state of every sensor by its newest reading. */
export async function findAlerts(pool: CallbackPool, { now, silentAfterMs }: AlertOptions): Promise<Alerts> {
  const rows = await selectRows<NewestRow>(pool, { sql: newestSql });
  const sensors = rows.map(({ since, ...row }) => {
    const reading = toStoredReading(row);
    const isSilent = now.getTime() - Date.parse(reading.timestamp) > silentAfterMs;
    const heard = reading.prediction === 1 ? ('anomaly' as const) : ('normal' as const);
    return {
      sensor_id: reading.sensor_id,
      state: isSilent ? ('silent' as const) : heard,
      since: since === null ? reading.timestamp : fromSqlTimestamp(since),
      reading,
    };
  });
  return {
    state: toAlertState(sensors.map(({ state }) => state)),
    as_of: now.toISOString(),
    silent_after_ms: silentAfterMs,
    sensors,
  };
}
