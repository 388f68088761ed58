import { type SensorAlert, toClockAheadMs } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { selectRows } from '../../storage/connection.ts';
import { fromSqlTimestamp } from '../../storage/sql-values.ts';
import { type ArrivedRow, arrivedColumns, toStoredReading } from '../readings/reading-row.ts';

/** The readings of one sensor and one prediction are one stretch of this index, in the order of arrival. */
export const arrivalIndex = 'readings_sensor_prediction_seq';

/** Joins the newest reading to each row of `arrivals`. */
export const newestOnSql = 'readings AS newest ON newest.seq = GREATEST(normal_seq, anomaly_seq)';

/** Every sensor of which anything was ever stored. */
export const allSensorsSql =
  '(SELECT sensor_id FROM ledger_stored UNION SELECT sensor_id FROM rollup_deltas) AS sensors';

const newestColumns = arrivedColumns.replaceAll(/\w+/g, 'newest.$&');

/**
 * The newest normal reading and the newest anomaly, by arrival, of each sensor in a table called `sensors`; 0 where
 * there is none. The greater of the two is the newest reading, the other one ended the run before.
 */
export function toArrivalsSql(sensors: string): string {
  return `(SELECT sensors.sensor_id, ${toLastSeq(0)} AS normal_seq, ${toLastSeq(1)} AS anomaly_seq
    FROM ${sensors}) AS arrivals`;
}

export function toArrival(row: ArrivedRow): Pick<SensorAlert, 'reading' | 'received_at' | 'clock_ahead_ms'> {
  const reading = toStoredReading(row);
  const received_at = fromSqlTimestamp(row.received_at);
  return { reading, received_at, clock_ahead_ms: toClockAheadMs({ ...reading, received_at }) };
}

/** The newest reading of each of these sensors, by arrival; none where retention has left none. */
export async function findNewestReadings(
  pool: Pool,
  sensorIds: readonly string[],
): Promise<Map<string, ArrivedRow>> {
  if (sensorIds.length === 0) return new Map();
  const names = sensorIds.map(() => 'SELECT ? AS sensor_id').join(' UNION ALL ');
  const arrivals = toArrivalsSql(`(${names}) AS sensors`);
  const sql = `SELECT ${newestColumns} FROM ${arrivals} JOIN ${newestOnSql}`;
  const rows = await selectRows<ArrivedRow>(pool, { sql, values: sensorIds });
  return new Map(rows.map((row) => [row.sensor_id, row]));
}

/** The newest readings of the sensors that sent last, the last of all at the end. */
export async function listNewestReadings(pool: Pool, maxSensors: number): Promise<ArrivedRow[]> {
  const sql = `SELECT ${newestColumns} FROM ${toArrivalsSql(allSensorsSql)} JOIN ${newestOnSql}
    ORDER BY newest.seq DESC LIMIT ?`;
  const rows = await selectRows<ArrivedRow>(pool, { sql, values: [maxSensors] });
  return rows.toReversed();
}

/**
 * One look at the end of a stretch, however long it is: MySQL sorts the whole stretch unless the order names every column
 * of the index. It also makes a DECIMAL of `seq` and a signed 0.
 */
function toLastSeq(prediction: 0 | 1): string {
  return `COALESCE((SELECT last.seq FROM readings AS last FORCE INDEX (${arrivalIndex})
    WHERE last.sensor_id = sensors.sensor_id AND last.prediction = ${prediction}
    ORDER BY last.sensor_id DESC, last.prediction DESC, last.seq DESC LIMIT 1), CAST(0 AS UNSIGNED))`;
}
