import {
  type Alerts,
  maxAlertsPage,
  type SensorAlert,
  type StateCounts,
  toAlertState,
} from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { inSnapshot, type Select } from '../../storage/connection.ts';
import { fromSqlTimestamp, toSqlTime } from '../../storage/sql-values.ts';
import { toWhere } from '../../storage/where.ts';
import { type AlertMemoryRow, fromMemoryRow, toHoldMs } from '../sensors/alert-memory.ts';
import { findArrivals, toArrival } from '../sensors/newest-arrivals.ts';
import {
  formatSensorCursor,
  isBeyond,
  parseSensorCursor,
  type SensorPlace,
  statePlaceSql,
  statesByPlace,
} from '../sensors/sensor-places.ts';
import { findStatesTable } from '../sensors/sensor-states.ts';
import type { LoadedType } from '../types/sensor-type.ts';

/** The order of `sort=state` of `GET /sensors`. */
const worstFirst = { sort: 'state', order: 'asc' } as const;

const noSensors: StateCounts = { anomaly: 0, normal: 0, silent: 0, unscored: 0 };

interface AlertOptions {
  now: Date;
  silentAfterMs: number;
  cursor?: string | undefined;
}

/** The state of every sensor of a type by its newest reading, and of all these sensors together. @throws StorageError */
export async function findAlerts(
  pool: Pool,
  type: LoadedType,
  { now, silentAfterMs, cursor }: AlertOptions,
): Promise<Alerts> {
  const after = cursor === undefined ? undefined : parseSensorCursor(cursor, worstFirst);
  const silentBefore = toSqlTime(now.getTime() - silentAfterMs);
  const { rows, counts, readings } = await inSnapshot(pool, async (select) => {
    const rows = await listStates(select, type.id, { silentBefore, after, limit: maxAlertsPage + 1 });
    // An empty page has no row with the counts.
    const [first = noSensors] =
      rows.length > 0
        ? rows
        : await listStates(select, type.id, { silentBefore, after: undefined, limit: 1 });
    const { anomaly, normal, silent, unscored } = first;
    const ids = rows.slice(0, maxAlertsPage).map(({ last_id }) => last_id);
    return { rows, counts: { anomaly, normal, silent, unscored }, readings: await findArrivals(select, ids) };
  });
  const page = rows.slice(0, maxAlertsPage);
  const sensors = page.flatMap((state): SensorAlert[] => {
    const row = readings.get(state.last_id.toString('hex'));
    return row === undefined ? [] : [toSensorAlert(state, toArrival(type, row))];
  });
  const last = rows.length > maxAlertsPage ? page.at(-1) : undefined;
  return {
    type: type.name,
    state: toAlertState(counts),
    counts,
    as_of: now.toISOString(),
    silent_after_ms: silentAfterMs,
    sensors,
    next_cursor: last ? formatSensorCursor(worstFirst, last) : null,
  };
}

interface StateRow extends StateCounts, AlertMemoryRow {
  place: 0 | 1 | 2 | 3;
  sensor_id: string;
  last_id: Buffer;
  since: string;
}

function toSensorAlert(row: StateRow, arrival: ReturnType<typeof toArrival>): SensorAlert {
  const { sensor_id, place, since, anomaly_at } = row;
  return {
    sensor_id,
    state: statesByPlace[place],
    since: fromSqlTimestamp(since),
    ...arrival,
    anomaly_at: anomaly_at === null ? null : fromSqlTimestamp(anomaly_at),
    hold_ms: toHoldMs(fromMemoryRow(row)),
  };
}

interface StatesOptions {
  silentBefore: string;
  after: SensorPlace | undefined;
  limit: number;
}

const countColumns = statesByPlace
  .map((state, place) => `COUNT(CASE place WHEN ${place} THEN 1 END) OVER () AS ${state}`)
  .join(', ');

/** The page, with the counts of all sensors. Sensors whose readings retention has removed are left out. */
async function listStates(
  select: Select,
  type: number,
  { silentBefore, after, limit }: StatesOptions,
): Promise<StateRow[]> {
  const states = await findStatesTable(select, type);
  const where = toWhere(isBeyond(after, worstFirst.order));
  const memory = 'received_at, anomaly_at, mean_gap_ms, gaps, outages';
  const sql = `SELECT place, sensor_id, last_id, since, ${memory}, anomaly, normal, silent, unscored FROM
    (SELECT placed.*, ${countColumns} FROM
      (SELECT ${statePlaceSql} AS place, states.name AS sensor_id, states.last_id, states.since,
          states.received_at, states.anomaly_at, states.mean_gap_ms, states.gaps, states.outages
        FROM (${states.sql}) AS states STRAIGHT_JOIN readings AS newest ON newest.id = states.last_id) AS placed)
    AS counted ${where.sql} ORDER BY place, sensor_id LIMIT ?`;
  return select<StateRow>({ sql, values: [silentBefore, ...states.values, ...where.values, limit] });
}
