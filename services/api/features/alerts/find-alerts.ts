import { type Alerts, maxAlertsPage, type StateCounts, toAlertState } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { selectRows } from '../../storage/connection.ts';
import { fromSqlTimestamp, toSqlTimestamp } from '../../storage/sql-values.ts';
import { selectWithin } from '../../storage/time-limit.ts';
import { toWhere } from '../../storage/where.ts';
import { type ArrivedRow, arrivedColumns } from '../readings/reading-row.ts';
import {
  allSensorsSql,
  arrivalIndex,
  newestOnSql,
  toArrival,
  toArrivalsSql,
} from '../sensors/newest-arrivals.ts';
import {
  formatSensorCursor,
  isBeyond,
  limitMs,
  parseSensorCursor,
  type SensorPlace,
  statePlaceSql,
  statesByPlace,
} from '../sensors/sensor-places.ts';
import { selectBranches } from './select-branches.ts';

/** The order of `sort=state` of `GET /sensors`. */
const worstFirst = { sort: 'state', order: 'asc' } as const;

const noSensors: StateCounts = { anomaly: 0, normal: 0, silent: 0 };

interface AlertOptions {
  now: Date;
  silentAfterMs: number;
  cursor?: string | undefined;
}

/** The state of every sensor by its newest reading, and of all sensors together. */
export async function findAlerts(pool: Pool, { now, silentAfterMs, cursor }: AlertOptions): Promise<Alerts> {
  const after = cursor === undefined ? undefined : parseSensorCursor(cursor, worstFirst);
  const silentBefore = toSqlTimestamp(new Date(now.getTime() - silentAfterMs).toISOString());
  const rows = await listStates(pool, { silentBefore, after, limit: maxAlertsPage + 1 });
  // An empty page has no row with the counts.
  const [first = noSensors] =
    rows.length > 0 ? rows : await listStates(pool, { silentBefore, after: undefined, limit: 1 });
  const { anomaly, normal, silent } = first;
  const counts = { anomaly, normal, silent };
  const page = rows.slice(0, maxAlertsPage);
  const [readings, starts] = await Promise.all([findReadings(pool, page), findSince(pool, page)]);
  const sensors = page.flatMap(({ sensor_id, place, seq }) => {
    const row = readings.get(seq);
    if (row === undefined) return []; // deleted by retention meanwhile
    const arrival = toArrival(row);
    const since = starts.get(sensor_id) ?? arrival.received_at;
    return [{ sensor_id, state: statesByPlace[place], since, ...arrival }];
  });
  const last = rows.length > maxAlertsPage ? page.at(-1) : undefined;
  return {
    state: toAlertState(counts),
    counts,
    as_of: now.toISOString(),
    silent_after_ms: silentAfterMs,
    sensors,
    next_cursor: last ? formatSensorCursor(worstFirst, last) : null,
  };
}

interface StateRow extends StateCounts {
  place: 0 | 1 | 2;
  sensor_id: string;
  prediction: 0 | 1;
  /** The newest reading by arrival. */
  seq: number;
  /** The newest reading with the other prediction; 0 if there is none. */
  other_seq: number;
}

interface StatesOptions {
  silentBefore: string;
  after: SensorPlace | undefined;
  limit: number;
}

const countColumns = statesByPlace
  .map((state, place) => `COUNT(CASE place WHEN ${place} THEN 1 END) OVER () AS ${state}`)
  .join(', ');

/** One statement, so that the page and the counts of all sensors are consistent. */
function listStates(pool: Pool, { silentBefore, after, limit }: StatesOptions): Promise<StateRow[]> {
  const states = `SELECT ${statePlaceSql}, arrivals.sensor_id, newest.prediction, newest.seq,
    LEAST(normal_seq, anomaly_seq) AS other_seq FROM ${toArrivalsSql(allSensorsSql)} JOIN ${newestOnSql}`;
  const where = toWhere(isBeyond(after, worstFirst.order));
  const sql = `place, sensor_id, prediction, seq, other_seq, anomaly, normal, silent
    FROM (SELECT states.*, ${countColumns} FROM (${states}) AS states) AS counted ${where.sql}
    ORDER BY place, sensor_id LIMIT ?`;
  return selectWithin<StateRow>(pool, { sql, values: [silentBefore, ...where.values, limit] }, limitMs);
}

async function findReadings(pool: Pool, rows: readonly StateRow[]): Promise<Map<number, ArrivedRow>> {
  if (rows.length === 0) return new Map();
  const sql = `SELECT ${arrivedColumns} FROM readings WHERE seq IN (?)`;
  const readings = await selectRows<ArrivedRow>(pool, { sql, values: [rows.map(({ seq }) => seq)] });
  return new Map(readings.map((reading) => [reading.seq, reading]));
}

/** The start of the current run by sensor: the arrival of the first reading after the last one with the other prediction. */
async function findSince(pool: Pool, rows: readonly StateRow[]): Promise<Map<string, string>> {
  const branches = rows.map(({ sensor_id, prediction, other_seq }) => ({
    sensorId: sensor_id,
    prediction,
    conditions: [{ sql: 'seq > ?', values: [other_seq] }],
  }));
  const query = { index: arrivalIndex, columns: 'received_at', rest: 'ORDER BY seq LIMIT 1' } as const;
  const found = await selectBranches<{ received_at: string }>(pool, query, branches);
  return new Map(
    found.map(({ branch, received_at }) => [rows[branch]?.sensor_id ?? '', fromSqlTimestamp(received_at)]),
  );
}
