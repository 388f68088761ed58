import type { Ledger, LedgerQuery } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { inSnapshot, type Select } from '../../storage/connection.ts';
import { allSensors } from '../../storage/keys.ts';
import { fromSqlTimestamp } from '../../storage/sql-values.ts';
import { type Condition, toWhere } from '../../storage/where.ts';
import type { LoadedType } from '../types/sensor-type.ts';
import { lateAfterMs } from './lateness.ts';
import { findStatesTable } from './sensor-states.ts';

interface CountsRow {
  stored: number;
  late: number;
  duplicates: number;
  conflicts: number;
  rejected: number;
  gaps: number;
}

const arrivalColumns = ['duplicates', 'conflicts', 'rejected', 'gaps'] as const;

interface LedgerOptions {
  type: LoadedType;
  now: Date;
  gapAfterMs: number;
}

/** One page of the ledger, by sensor name, with totals over all matching sensors. @throws StorageError */
export async function findLedger(
  pool: Pool,
  query: LedgerQuery,
  { type, now, gapAfterMs }: LedgerOptions,
): Promise<Ledger> {
  const { rows, totals } = await inSnapshot(pool, async (select) => {
    const states = await findStatesTable(select, type.id);
    return {
      rows: await listSensors(select, states, query),
      totals: await findTotals(select, states, { type: type.id, sensorId: query.sensor_id }),
    };
  });
  const page = rows.slice(0, query.limit);
  return {
    type: type.name,
    as_of: now.toISOString(),
    late_after_ms: lateAfterMs,
    gap_after_ms: gapAfterMs,
    totals: toCounts(totals),
    unattributed: { conflicts: totals.unattributed_conflicts, rejected: totals.unattributed_rejected },
    sensors: page.map((row) => ({
      sensor_id: row.sensor_id,
      ...toCounts(row),
      first_seen: toTime(row.first_seen),
      last_seen: toTime(row.last_seen),
    })),
    next_after: rows.length > query.limit ? (page.at(-1)?.sensor_id ?? null) : null,
  };
}

interface SensorRow extends CountsRow {
  sensor_id: string;
  first_seen: string | null;
  last_seen: string | null;
}

function listSensors(
  select: Select,
  states: Condition,
  { sensor_id, after, limit }: LedgerQuery,
): Promise<SensorRow[]> {
  const where = toWhere([
    ...(sensor_id === undefined ? [] : [{ sql: 'name = ?', values: [sensor_id] }]),
    ...(after === undefined ? [] : [{ sql: 'name > ?', values: [after] }]),
  ]);
  const counts = arrivalColumns
    .map((column) => `CAST(COALESCE(arrivals.${column}, 0) AS DOUBLE) AS ${column}`)
    .join(', ');
  const sql = `SELECT name AS sensor_id, \`stored\`, late, ${counts}, first_seen, last_seen
    FROM (${states.sql}) AS states LEFT JOIN sensor_arrivals AS arrivals ON arrivals.sensor = states.sensor
    ${where.sql} ORDER BY name LIMIT ?`;
  return select<SensorRow>({ sql, values: [...states.values, ...where.values, limit + 1] });
}

interface TotalsRow extends CountsRow {
  unattributed_conflicts: number;
  unattributed_rejected: number;
}

async function findTotals(
  select: Select,
  states: Condition,
  { type, sensorId }: { type: number; sensorId: string | undefined },
): Promise<TotalsRow> {
  const ofStates = toWhere(sensorId === undefined ? [] : [{ sql: 'name = ?', values: [sensorId] }]);
  const ofArrivals = toWhere([
    sensorId === undefined
      ? {
          sql: `(sensor = ${allSensors} OR sensor IN (SELECT id FROM sensors WHERE type = ?))`,
          values: [type],
        }
      : { sql: 'sensor = (SELECT id FROM sensors WHERE type = ? AND name = ?)', values: [type, sensorId] },
  ]);
  const sumOf = (sum: string) => `CAST(COALESCE(SUM(${sum}), 0) AS DOUBLE)`;
  const sql = `SELECT * FROM
    (SELECT ${sumOf('`stored`')} AS \`stored\`, ${sumOf('late')} AS late FROM (${states.sql}) AS states ${ofStates.sql}) AS sensors,
    (SELECT ${arrivalColumns.map((column) => `${sumOf(column)} AS ${column}`).join(', ')},
      ${sumOf(`IF(sensor = ${allSensors}, conflicts, 0)`)} AS unattributed_conflicts,
      ${sumOf(`IF(sensor = ${allSensors}, rejected, 0)`)} AS unattributed_rejected
      FROM sensor_arrivals ${ofArrivals.sql}) AS arrivals`;
  const values = [...states.values, ...ofStates.values, ...ofArrivals.values];
  const [row] = await select<TotalsRow>({ sql, values });
  if (!row) throw new Error('the query for totals returned no row');
  return row;
}

/** `replayed` is the old name of `duplicates`, until 1.0. */
function toCounts({ stored, duplicates, conflicts, rejected, late, gaps }: CountsRow) {
  const accepted = stored + duplicates;
  return { accepted, stored, duplicates, replayed: duplicates, conflicts, rejected, late, gaps };
}

function toTime(timestamp: string | null): string | null {
  return timestamp === null ? null : fromSqlTimestamp(timestamp);
}
