import { maxFleetSensors } from '@sensor-sentinel/contracts';
import type { Select } from '../../storage/connection.ts';
import { toSqlTime } from '../../storage/sql-values.ts';
import { toWhere } from '../../storage/where.ts';
import type { AlertMemoryRow } from '../sensors/alert-memory.ts';
import { toStatePlace } from '../sensors/sensor-places.ts';
import { findStatesTable } from '../sensors/sensor-states.ts';

/** A sensor in its present state. */
export interface FleetRow extends AlertMemoryRow {
  /** The key of the sensor. */
  sensor: number;
  sensor_id: string;
  /** A place in `statesByPlace`. */
  place: 0 | 1 | 2 | 3 | 4;
  /** The number of all sensors. */
  total: number;
}

interface RowsOptions {
  /** Undefined: all sensors. */
  names: readonly string[] | undefined;
  now: Date;
  silentAfterMs: number;
}

/** Of very many sensors, those with firing incidents and in the worst states now. @throws StorageError */
export async function listFleetRows(
  select: Select,
  type: number,
  { names, now, silentAfterMs }: RowsOptions,
): Promise<FleetRow[]> {
  const states = await findStatesTable(select, type);
  const place = toStatePlace(toSqlTime(now.getTime()), silentAfterMs);
  const only = toWhere(names === undefined ? [] : [{ sql: 'states.name IN (?)', values: [names] }]);
  const sql = `SELECT states.sensor, states.name AS sensor_id, states.received_at, states.anomaly_at, states.mean_gap_ms,
      states.gaps, states.outages, ${place.sql} AS place, COUNT(*) OVER () AS total
    FROM (${states.sql}) AS states LEFT JOIN readings AS newest ON newest.id = states.last_id
    LEFT JOIN (SELECT sensor, 1 + MAX(acknowledged_at IS NULL) AS urgency FROM incidents
      WHERE type = ? AND firing = 1 GROUP BY sensor) AS firing ON firing.sensor = states.sensor
    ${only.sql} ORDER BY COALESCE(firing.urgency, 0) DESC, place, sensor_id LIMIT ?`;
  return select<FleetRow>({
    sql,
    values: [...place.values, ...states.values, type, ...only.values, maxFleetSensors],
  });
}
