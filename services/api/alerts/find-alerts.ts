import type { AlertState, Alerts, SensorState } from '@sensor-sentinel/contracts';
import { newestSeqSql } from '../sensors/sensor-places.ts';
import type { CallbackPool } from '../storage/pool.ts';
import { type ReadingRow, readingColumns, toStoredReading } from '../storage/reading-row.ts';
import { selectRows } from '../storage/run-query.ts';
import { fromSqlTimestamp } from '../storage/sql-values.ts';
import { isAfterSql } from './anomaly-place.ts';
import { selectBranches } from './select-branches.ts';

/** The newest reading of a sensor, and the newest of its other readings that was predicted otherwise. */
type NewestRow = ReadingRow & { other_seq: number | null; other_timestamp: string | null };

const maxSensors = 1000;

/** What is newest needs no upper bound: each is the last of a stretch of an index. */
const otherSeqSql = `(SELECT other.seq FROM readings AS other FORCE INDEX (readings_sensor_prediction_timestamp)
  WHERE other.sensor_id = newest.sensor_id AND other.prediction = 1 - newest.prediction
  ORDER BY other.timestamp DESC, other.seq DESC LIMIT 1)`;

const columns = readingColumns.replaceAll(/\w+/g, 'newest.$&');
const newestSql = `SELECT ${columns}, before_it.seq AS other_seq, before_it.timestamp AS other_timestamp
  FROM (SELECT sensor_id FROM ledger_stored UNION SELECT sensor_id FROM rollup_deltas) AS sensors
  STRAIGHT_JOIN readings AS newest ON newest.seq = ${newestSeqSql}
  LEFT JOIN readings AS before_it ON before_it.seq = ${otherSeqSql}
  ORDER BY newest.timestamp DESC LIMIT ${maxSensors}`;

/** Since when each has been as it is: its first reading after the one that was otherwise. */
async function findSince(pool: CallbackPool, rows: readonly NewestRow[]): Promise<Map<number, string>> {
  const branches = rows.map(({ sensor_id, prediction, other_seq, other_timestamp }) => ({
    sensorId: sensor_id,
    prediction,
    conditions:
      other_seq === null || other_timestamp === null
        ? []
        : isAfterSql({ seq: other_seq, timestamp: other_timestamp }),
  }));
  const question = { columns: 'timestamp', rest: 'ORDER BY timestamp, seq LIMIT 1' };
  const found = await selectBranches<{ timestamp: string }>(pool, question, branches);
  return new Map(found.map(({ branch, timestamp }) => [rows[branch]?.seq ?? -1, timestamp]));
}

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
  const starts = await findSince(pool, rows);
  const sensors = rows.map(({ other_seq, other_timestamp, ...row }) => {
    const reading = toStoredReading(row);
    const isSilent = now.getTime() - Date.parse(reading.timestamp) > silentAfterMs;
    const heard = reading.prediction === 1 ? ('anomaly' as const) : ('normal' as const);
    return {
      sensor_id: reading.sensor_id,
      state: isSilent ? ('silent' as const) : heard,
      since: fromSqlTimestamp(starts.get(row.seq) ?? row.timestamp),
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
