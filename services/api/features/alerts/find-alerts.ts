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
import { type Condition, toWhere } from '../../storage/where.ts';
import { type AlertMemoryRow, fromMemoryRow, toHoldMs } from '../sensors/alert-memory.ts';
import { findArrivals, toArrival } from '../sensors/newest-arrivals.ts';
import {
  formatSensorCursor,
  isBeyond,
  parseSensorCursor,
  placeOfRetired,
  type SensorPlace,
  statesByPlace,
  toStatePlace,
} from '../sensors/sensor-places.ts';
import { findStatesTable } from '../sensors/sensor-states.ts';
import type { LoadedType } from '../types/sensor-type.ts';
import { findIncidentSummary } from './find-incident-summary.ts';

/** The order of `sort=state` of `GET /sensors`. */
const worstFirst = { sort: 'state', order: 'asc' } as const;

const noSensors: Summary = { anomaly: 0, normal: 0, silent: 0, unscored: 0, retired: 0, newest_at: null };

interface AlertOptions {
  now: Date;
  silentAfterMs: number;
  cursor?: string | undefined;
  /** Undefined: all sensors. */
  sensors?: readonly string[] | undefined;
}

/** The state of every sensor of a type by its newest reading, of all these sensors together, and their incidents. @throws StorageError */
export async function findAlerts(
  pool: Pool,
  type: LoadedType,
  { now, silentAfterMs, cursor, sensors: names }: AlertOptions,
): Promise<Alerts> {
  const after = cursor === undefined ? undefined : parseSensorCursor(cursor, worstFirst);
  const place = toStatePlace(toSqlTime(now.getTime()), silentAfterMs);
  const { rows, summary, readings, incidents } = await inSnapshot(pool, async (select) => {
    const list = (page: { after: SensorPlace | undefined; limit: number }) =>
      listStates(select, type.id, { place, names, ...page });
    const rows = await list({ after, limit: maxAlertsPage + 1 });
    // An empty page has no row with the summary.
    const [summary = noSensors] = rows.length > 0 ? rows : await list({ after: undefined, limit: 1 });
    const ids = rows.slice(0, maxAlertsPage).map(({ last_id }) => last_id);
    const incidents = await findIncidentSummary(select, type.id, names);
    return { rows, summary, readings: await findArrivals(select, ids), incidents };
  });
  const page = rows.slice(0, maxAlertsPage);
  const sensors = page.flatMap((state): SensorAlert[] => {
    const row = readings.get(state.last_id.toString('hex'));
    return row === undefined ? [] : [toSensorAlert(state, toArrival(type, row))];
  });
  const last = rows.length > maxAlertsPage ? page.at(-1) : undefined;
  const { anomaly, normal, silent, unscored, retired, newest_at } = summary;
  const counts = { anomaly, normal, silent, unscored };
  return {
    type: type.name,
    state: toAlertState(counts, retired),
    counts,
    retired,
    newest_at: newest_at === null ? null : fromSqlTimestamp(newest_at),
    as_of: now.toISOString(),
    silent_after_ms: silentAfterMs,
    incidents,
    sensors,
    next_cursor: last ? formatSensorCursor(worstFirst, last) : null,
  };
}

/** Of all sensors. */
interface Summary extends StateCounts {
  retired: number;
  /** The arrival of the newest reading; null if there is none. */
  newest_at: string | null;
}

interface StateRow extends Summary, AlertMemoryRow {
  place: 0 | 1 | 2 | 3 | 4;
  sensor_id: string;
  last_id: Buffer;
  since: string;
}

function toSensorAlert(row: StateRow, arrival: ReturnType<typeof toArrival>): SensorAlert {
  const { sensor_id, place, since, anomaly_at } = row;
  return {
    sensor_id,
    state: statesByPlace[place],
    retired: place === placeOfRetired,
    since: fromSqlTimestamp(since),
    ...arrival,
    anomaly_at: anomaly_at === null ? null : fromSqlTimestamp(anomaly_at),
    hold_ms: toHoldMs(fromMemoryRow(row)),
  };
}

interface StatesOptions {
  /** The sort key. */
  place: Condition;
  names: readonly string[] | undefined;
  after: SensorPlace | undefined;
  limit: number;
}

const summaryColumns = [
  ...[...statesByPlace.slice(0, placeOfRetired), 'retired'].map(
    (name, place) => `COUNT(CASE place WHEN ${place} THEN 1 END) OVER () AS ${name}`,
  ),
  'MAX(received_at) OVER () AS newest_at',
].join(', ');

/** The page, with the summary of all sensors. Sensors whose readings retention has removed are left out. */
async function listStates(
  select: Select,
  type: number,
  { place, names, after, limit }: StatesOptions,
): Promise<StateRow[]> {
  const states = await findStatesTable(select, type);
  const only = toWhere(names === undefined ? [] : [{ sql: 'states.name IN (?)', values: [names] }]);
  const where = toWhere(isBeyond(after, worstFirst.order));
  const memory = 'received_at, anomaly_at, mean_gap_ms, gaps, outages';
  const sql = `SELECT place, sensor_id, last_id, since, ${memory}, anomaly, normal, silent, unscored, retired, newest_at FROM
    (SELECT placed.*, ${summaryColumns} FROM
      (SELECT ${place.sql} AS place, states.name AS sensor_id, states.last_id, states.since,
          states.received_at, states.anomaly_at, states.mean_gap_ms, states.gaps, states.outages
        FROM (${states.sql}) AS states STRAIGHT_JOIN readings AS newest ON newest.id = states.last_id ${only.sql}) AS placed)
    AS counted ${where.sql} ORDER BY place, sensor_id LIMIT ?`;
  const values = [...place.values, ...states.values, ...only.values, ...where.values, limit];
  return select<StateRow>({ sql, values });
}
