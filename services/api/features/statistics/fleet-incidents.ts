import { type FleetIncident, type FleetSensor, maxFleetIncidents } from '@sensor-sentinel/contracts';
import { groupBy } from '../../group-by.ts';
import type { Select } from '../../storage/connection.ts';
import { fromSqlId, fromSqlTimestamp, toSqlTime } from '../../storage/sql-values.ts';
import type { Range } from './window-plan.ts';

interface IncidentRow {
  /** The key of the sensor. */
  sensor: number;
  id: Buffer;
  rule: string;
  severity: FleetIncident['severity'];
  started_at: string;
  ended_at: string | null;
  is_acknowledged: 0 | 1;
  total: number;
}

const hasEnded = 'COALESCE(resolved_at, cleared_at)';

/** The incidents that overlap the window, by the key of the sensor: of each, those that fire, then the newest. */
export async function listFleetIncidents(
  select: Select,
  sensors: readonly number[],
  { fromMs, toMs }: Range,
): Promise<Map<number, Pick<FleetSensor, 'incidents' | 'more_incidents'>>> {
  if (sensors.length === 0) return new Map();
  const rows = await select<IncidentRow>({
    sql: `* FROM (SELECT sensor, id, rule, severity, started_at, IF(firing = 1, NULL, ${hasEnded}) AS ended_at,
        acknowledged_at IS NOT NULL AS is_acknowledged, COUNT(*) OVER (PARTITION BY sensor) AS total,
        ROW_NUMBER() OVER (PARTITION BY sensor ORDER BY firing DESC, opened_at DESC, id DESC) AS place
      FROM incidents WHERE sensor IN (?) AND started_at < ? AND (firing = 1 OR ${hasEnded} >= ?)) AS placed
      WHERE place <= ? ORDER BY sensor, place`,
    values: [sensors, toSqlTime(toMs), toSqlTime(fromMs), maxFleetIncidents],
  });
  const bySensor = groupBy(rows, ({ sensor }) => sensor);
  return new Map(
    Array.from(bySensor, ([sensor, ofSensor]) => {
      const more_incidents = (ofSensor[0]?.total ?? 0) - ofSensor.length;
      return [sensor, { incidents: ofSensor.map(toFleetIncident), more_incidents }];
    }),
  );
}

function toFleetIncident({ id, rule, severity, ...row }: IncidentRow): FleetIncident {
  return {
    ...{ id: fromSqlId(id), rule, severity },
    started_at: fromSqlTimestamp(row.started_at),
    ended_at: row.ended_at === null ? null : fromSqlTimestamp(row.ended_at),
    acknowledged: row.is_acknowledged === 1,
  };
}
