import { type SensorAlert, toClockAheadMs } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { selectRows } from '../../storage/connection.ts';
import { fromSqlTimestamp } from '../../storage/sql-values.ts';
import { type ArrivedRow, arrivedColumns, toStoredReading } from '../readings/reading-row.ts';

/** The index (sensor_id, prediction, seq): the readings of one sensor and prediction in order of arrival. */
export const arrivalIndex = 'readings_sensor_prediction_seq';

/** Joins the newest reading of each row of `arrivals`. */
export const newestOnSql = 'readings AS newest ON newest.seq = GREATEST(normal_seq, anomaly_seq)';

/** All sensors that have ever stored a reading. */
export const allSensorsSql =
  '(SELECT sensor_id FROM ledger_stored UNION SELECT sensor_id FROM rollup_deltas) AS sensors';

const newestColumns = arrivedColumns.replaceAll(/\w+/g, 'newest.$&');

/**
 * SQL for the `seq` of the newest normal reading and of the newest anomaly, by arrival, of each sensor in a table named
 * `sensors`; 0 if there is none. The greater one is the newest reading, the other one ended the previous run.
 */
export function toArrivalsSql(sensors: string): string {
  return `(SELECT sensors.sensor_id, ${toLastSeq(0)} AS normal_seq, ${toLastSeq(1)} AS anomaly_seq
    FROM ${sensors}) AS arrivals`;
}

/** A sensor's newest reading with its arrival and clock difference. */
export function toArrival(row: ArrivedRow): Pick<SensorAlert, 'reading' | 'received_at' | 'clock_ahead_ms'> {
  const reading = toStoredReading(row);
  const received_at = fromSqlTimestamp(row.received_at);
  return { reading, received_at, clock_ahead_ms: toClockAheadMs({ ...reading, received_at }) };
}

/** The newest reading by arrival of each sensor; sensors without readings are left out. @throws StorageError */
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

/** The newest reading of each of the `maxSensors` sensors that sent last, in order of arrival. @throws StorageError */
export async function listNewestReadings(pool: Pool, maxSensors: number): Promise<ArrivedRow[]> {
  const sql = `SELECT ${newestColumns} FROM ${toArrivalsSql(allSensorsSql)} JOIN ${newestOnSql}
    ORDER BY newest.seq DESC LIMIT ?`;
  const rows = await selectRows<ArrivedRow>(pool, { sql, values: [maxSensors] });
  return rows.toReversed();
}

/**
 * Reads one index entry per sensor: the last of its range. The ORDER BY names every column of the index, because MySQL
 * otherwise sorts the whole range. The cast avoids a DECIMAL, which MySQL returns for an unsigned `seq` and a signed 0.
 */
function toLastSeq(prediction: 0 | 1): string {
  return `COALESCE((SELECT last.seq FROM readings AS last FORCE INDEX (${arrivalIndex})
    WHERE last.sensor_id = sensors.sensor_id AND last.prediction = ${prediction}
    ORDER BY last.sensor_id DESC, last.prediction DESC, last.seq DESC LIMIT 1), CAST(0 AS UNSIGNED))`;
}
