import type { Pool } from 'mysql2/promise';
import { inSnapshot, type Select } from '../../storage/connection.ts';
import { allSensors } from '../../storage/keys.ts';
import { fromSqlTimestamp } from '../../storage/sql-values.ts';
import { rangeConditions, toWhere } from '../../storage/where.ts';
import type { RollupTable } from './rollups/buckets.ts';
import { listDeltas } from './rollups/deltas.ts';
import { hourMs, minuteMs, type Range } from './window-plan.ts';

/**
 * The range of minutes in which these sensors have readings; an empty range if they have none. Where retention has removed
 * the minutes, it begins or ends with a whole hour.
 * @throws StorageError
 */
export async function findSpan(pool: Pool, type: number, keys?: readonly number[]): Promise<Range> {
  const none = { fromMs: 0, toMs: 0 };
  if (keys?.length === 0) return none;
  const sensors = { type, keys };
  return inSnapshot(pool, async (select) => {
    const parts = [
      ...(await listStoredEnds(select, sensors)),
      ...(await listPendingMinutes(select, sensors)),
    ];
    if (parts.length === 0) return none;
    return {
      fromMs: Math.min(...parts.map(({ fromMs }) => fromMs)),
      toMs: Math.max(...parts.map(({ toMs }) => toMs)),
    };
  });
}

interface Sensors {
  /** The key of the type. */
  type: number;
  /** The keys of sensors; undefined: all sensors of the type. */
  keys: readonly number[] | undefined;
}

/** The first and the last minute of the rollups, or the hours if they have no minutes. */
async function listStoredEnds(select: Select, sensors: Sensors): Promise<Range[]> {
  const everything = { fromMs: -Infinity, toMs: Infinity };
  const hours = await findEnds(select, sensors, { table: 'rollups_hour', range: everything });
  const ends: Range[] = [];
  for (const [place, hour] of hours.entries()) {
    const minutes = await findEnds(select, sensors, { table: 'rollups_minute', range: hour });
    ends.push(minutes[place] ?? hour);
  }
  return ends;
}

interface EndsQuery {
  table: RollupTable;
  range: Range;
}

/** The first and the last rollup of a range; none if there is no rollup. */
async function findEnds(
  select: Select,
  { type, keys }: Sensors,
  { table, range }: EndsQuery,
): Promise<Range[]> {
  const { sql, values } = toWhere([
    { sql: 'type = ? AND sensor IN (?)', values: [type, keys ?? [allSensors]] },
    ...rangeConditions('bucket', range),
  ]);
  const rows = await select<{ bucket: string | null }>({
    sql: ['MIN', 'MAX']
      .map((end) => `SELECT ${end}(bucket) AS bucket FROM ${table} ${sql}`)
      .join(' UNION ALL '),
    values: [...values, ...values],
  });
  const lengthMs = table === 'rollups_hour' ? hourMs : minuteMs;
  return rows.flatMap(({ bucket }) => (bucket === null ? [] : toPart(bucket, lengthMs)));
}

/** The minutes that wait to be folded. */
async function listPendingMinutes(select: Select, { type, keys }: Sensors): Promise<Range[]> {
  return (await listDeltas(select))
    .flatMap(({ sensors }) => sensors)
    .filter((delta) => (keys === undefined ? delta.type === type : keys.includes(delta.sensor)))
    .flatMap(({ minutes }) => minutes.map(({ bucket }) => toPart(bucket, minuteMs)));
}

function toPart(bucket: string, lengthMs: number): Range {
  const fromMs = Date.parse(fromSqlTimestamp(bucket));
  return { fromMs, toMs: fromMs + lengthMs };
}
