import type { Pool } from 'mysql2/promise';
import { selectRows } from '../../storage/connection.ts';
import { toSqlTimestamp } from '../../storage/sql-values.ts';
import { type Condition, ofSensors, toWhere } from '../../storage/where.ts';
import { type HorizonColumns, horizonColumns, toHorizons } from './retention/retention-horizons.ts';
import { allSensors } from './rollups/rollup.ts';
import { type Horizons, nothingRemoved, type Plan, type Range, type Segment } from './window-plan.ts';

export const tables = {
  reading: 'readings',
  minute: 'readings_minute',
  hour: 'readings_hour',
  delta: 'rollup_deltas',
};

interface AskedWindow {
  from?: string | undefined;
  to?: string | undefined;
  sensor_id?: readonly string[] | undefined;
}

export function toRange({ from, to }: AskedWindow): Range {
  return {
    fromMs: from === undefined ? -Infinity : Date.parse(from),
    toMs: to === undefined ? Infinity : Date.parse(to),
  };
}

function toUtc(timeMs: number): string | null {
  return Number.isFinite(timeMs) ? new Date(timeMs).toISOString() : null;
}

/** `counted`, where it is another window than was asked for. */
export function toCountedAnswer(asked: Range, counted: Range) {
  if (counted.fromMs === asked.fromMs && counted.toMs === asked.toMs) return {};
  return { counted: { from: toUtc(counted.fromMs), to: toUtc(counted.toMs) } };
}

/** The rows of a segment: the sensors' own, or those of all sensors together. */
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

/** A stretch of buckets, and what waits to be folded into them. */
function withDeltas(segment: Segment): Segment[] {
  return segment.level === 'reading' ? [segment] : [segment, { ...segment, level: 'delta' }];
}

interface SegmentsQuery<P extends Plan> {
  toPlan: (horizons: Horizons) => P;
  /** The SELECT of one segment; all have the same columns, among them `count`. */
  toSelect: (segment: Segment, plan: P) => Condition;
  /** What retention is believed to have removed. */
  horizons?: Horizons;
}

/**
 * Reads all segments in one statement, which sees one state of the database, and what retention had removed in that
 * state: where that makes another plan, reads again by that one.
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
  const seen = found[0] === undefined ? nothingRemoved : toHorizons(found[0]);
  if (JSON.stringify(toPlan(seen)) !== JSON.stringify(plan)) {
    return selectSegments(pool, { toPlan, toSelect, horizons: seen });
  }
  return {
    plan,
    horizons: seen,
    rows: found.filter((row): row is HorizonColumns & Row => Boolean(row.count)),
  };
}
