import type { Ledger, LedgerQuery } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { selectRows } from '../../storage/connection.ts';
import { fromSqlTimestamp } from '../../storage/sql-values.ts';
import { type Condition, toWhere } from '../../storage/where.ts';
import { lateAfterMs } from './lateness.ts';

interface CountsRow {
  stored: number;
  late: number;
  /** The duplicates. */
  replayed: number;
  conflicts: number;
  rejected: number;
  gaps: number;
}

const arrivalColumns = ['replayed', 'conflicts', 'rejected', 'gaps'] as const;

interface LedgerOptions {
  now: Date;
  gapAfterMs: number;
}

/** One page of the ledger, by sensor name, with totals over all matching sensors. @throws StorageError */
export async function findLedger(
  pool: Pool,
  query: LedgerQuery,
  { now, gapAfterMs }: LedgerOptions,
): Promise<Ledger> {
  const [rows, totals] = await Promise.all([listSensors(pool, query), findTotals(pool, query.sensor_id)]);
  const page = rows.slice(0, query.limit);
  return {
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

function listSensors(pool: Pool, { sensor_id, after, limit }: LedgerQuery): Promise<SensorRow[]> {
  const conditions: Condition[] = [
    ...(sensor_id === undefined ? [] : [{ sql: 'sensor_id = ?', values: [sensor_id] }]),
    ...(after === undefined ? [] : [{ sql: 'sensor_id > ?', values: [after] }]),
  ];
  const where = toWhere(conditions);
  const counts = arrivalColumns
    .map((column) => `CAST(COALESCE(arrivals.${column}, 0) AS DOUBLE) AS ${column}`)
    .join(', ');
  const sql = `SELECT sensors.sensor_id, sensors.\`stored\`, sensors.late, ${counts}, first_seen, last_seen
    FROM (SELECT sensor_id, CAST(SUM(\`stored\`) AS DOUBLE) AS \`stored\`, CAST(SUM(late) AS DOUBLE) AS late
      FROM ${toStoredParts(where)} GROUP BY sensor_id ORDER BY sensor_id LIMIT ?) AS sensors
    LEFT JOIN ledger_arrivals AS arrivals ON arrivals.sensor_id = sensors.sensor_id
    ORDER BY sensors.sensor_id`;
  return selectRows<SensorRow>(pool, { sql, values: [...where.values, ...where.values, limit + 1] });
}

/** The stored counts and the pending deltas. */
function toStoredParts({ sql }: Condition): string {
  return `(SELECT sensor_id, \`stored\`, late FROM ledger_stored ${sql}
    UNION ALL SELECT sensor_id, count, late FROM rollup_deltas ${sql}) AS parts`;
}

interface TotalsRow extends CountsRow {
  unattributed_conflicts: number;
  unattributed_rejected: number;
}

async function findTotals(pool: Pool, sensorId: string | undefined): Promise<TotalsRow> {
  const where = toWhere(sensorId === undefined ? [] : [{ sql: 'sensor_id = ?', values: [sensorId] }]);
  const sumOf = (sum: string) => `CAST(COALESCE(SUM(${sum}), 0) AS DOUBLE)`;
  const sql = `SELECT * FROM
    (SELECT ${sumOf('`stored`')} AS \`stored\`, ${sumOf('late')} AS late FROM ${toStoredParts(where)}) AS sensors,
    (SELECT ${arrivalColumns.map((column) => `${sumOf(column)} AS ${column}`).join(', ')},
      ${sumOf("IF(sensor_id = '', conflicts, 0)")} AS unattributed_conflicts,
      ${sumOf("IF(sensor_id = '', rejected, 0)")} AS unattributed_rejected
      FROM ledger_arrivals ${where.sql}) AS arrivals`;
  const [row] = await selectRows<TotalsRow>(pool, {
    sql,
    values: [...where.values, ...where.values, ...where.values],
  });
  if (!row) throw new Error('the query for totals returned no row');
  return row;
}

/** `replayed` is the old name of `duplicates`, until 1.0. */
function toCounts({ stored, replayed, conflicts, rejected, late, gaps }: CountsRow) {
  const accepted = stored + replayed;
  return { accepted, stored, duplicates: replayed, replayed, conflicts, rejected, late, gaps };
}

function toTime(timestamp: string | null): string | null {
  return timestamp === null ? null : fromSqlTimestamp(timestamp);
}
