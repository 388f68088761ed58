import type { Pool } from 'mysql2/promise';
import { selectRows } from '../../storage/connection.ts';
import { toSqlTimestamp } from '../../storage/sql-values.ts';
import { type Condition, ofSensors, toWhere } from '../../storage/where.ts';
import { allSensors } from './rollups/rollup.ts';
import {
  type HorizonColumns,
  type Horizons,
  horizonColumns,
  nothingRemoved,
  type Plan,
  type Range,
  type Segment,
  toHorizons,
} from './window-plan.ts';

interface SegmentsQuery<P extends Plan> {
  toPlan: (horizons: Horizons) => P;
  /** The SELECT of one segment. All have the same columns, among them `count`. */
  toSelect: (segment: Segment, plan: P) => Condition;
  /** The horizons to plan with first, if they are known. */
  horizons?: Horizons;
}

/**
 * Reads all segments and the horizons of retention in one statement, which sees one state of the database. If these
 * horizons lead to another plan, reads again by that plan.
 */
export async function selectSegments<Row extends { count: number }, P extends Plan = Plan>(
  pool: Pool,
  { toPlan, toSelect, horizons = nothingRemoved }: SegmentsQuery<P>,
): Promise<{ plan: P; rows: Row[]; horizons: Horizons }> {
  const plan = toPlan(horizons);
  const selects = plan.segments.flatMap(withDeltas).map((segment) => toSelect(segment, plan));
  const parts =
    selects.length === 0 ? 'SELECT NULL AS count' : selects.map(({ sql }) => sql).join(' UNION ALL ');
  const sql = `SELECT ${horizonColumns}, part.* FROM (SELECT 1 AS one) AS single
    LEFT JOIN retention_horizons ON TRUE LEFT JOIN (${parts}) AS part ON TRUE`;
  const values = selects.flatMap(({ values }) => values);
  const found = await selectRows<HorizonColumns & (Row | { count: null })>(pool, { sql, values });
  const current = found[0] === undefined ? nothingRemoved : toHorizons(found[0]);
  if (JSON.stringify(toPlan(current)) !== JSON.stringify(plan)) {
    return selectSegments(pool, { toPlan, toSelect, horizons: current });
  }
  return {
    plan,
    horizons: current,
    rows: found.filter((row): row is HorizonColumns & Row => Boolean(row.count)),
  };
}

/** Deltas that wait to be folded into a segment of minutes or hours are read with it. */
function withDeltas(segment: Segment): Segment[] {
  return segment.level === 'reading' ? [segment] : [segment, { ...segment, level: 'delta' }];
}

export const tables = {
  reading: 'readings',
  minute: 'readings_minute',
  hour: 'readings_hour',
  delta: 'rollup_deltas',
};

/** Selects the rows of the given sensors, or of all sensors if none are given. */
export function toSegmentWhere(
  { level, fromMs, toMs }: Segment,
  sensors: readonly string[] | undefined,
): Condition {
  const column = level === 'reading' ? 'timestamp' : 'bucket';
  const inBuckets = { sql: 'sensor_id IN (?)', values: [sensors ?? [allSensors]] };
  const ofBuckets = level === 'delta' && sensors === undefined ? [] : [inBuckets];
  const [from, to] = [toUtc(fromMs), toUtc(toMs)];
  return toWhere([
    ...(level === 'reading' ? ofSensors(sensors) : ofBuckets),
    ...(from === null ? [] : [{ sql: `${column} >= ?`, values: [toSqlTimestamp(from)] }]),
    ...(to === null ? [] : [{ sql: `${column} < ?`, values: [toSqlTimestamp(to)] }]),
  ]);
}

interface WindowQuery {
  from?: string | undefined;
  to?: string | undefined;
}

export function toRange({ from, to }: WindowQuery): Range {
  return {
    fromMs: from === undefined ? -Infinity : Date.parse(from),
    toMs: to === undefined ? Infinity : Date.parse(to),
  };
}

/** The field `counted` of an answer, which it has only if the counted range differs from the window. */
export function toCountedAnswer(window: Range, counted: Range) {
  if (counted.fromMs === window.fromMs && counted.toMs === window.toMs) return {};
  return { counted: { from: toUtc(counted.fromMs), to: toUtc(counted.toMs) } };
}

function toUtc(timeMs: number): string | null {
  return Number.isFinite(timeMs) ? new Date(timeMs).toISOString() : null;
}
