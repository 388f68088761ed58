import type { Pool } from 'mysql2/promise';
import { inSnapshot, type Select } from '../../storage/connection.ts';
import { allSensors, findSensorKeys } from '../../storage/keys.ts';
import { fromSqlTimestamp } from '../../storage/sql-values.ts';
import { rangeConditions, toWhere } from '../../storage/where.ts';
import type { LoadedType } from '../types/sensor-type.ts';
import { levelOf } from './rollups/buckets.ts';
import { type Delta, listDeltas } from './rollups/deltas.ts';
import { rollUpReadings } from './rollups/roll-up-readings.ts';
import { createRollup, fromDocument, parseRollup, type Rollup } from './rollups/rollup.ts';
import {
  type HorizonColumns,
  type Horizons,
  horizonColumns,
  minuteMs,
  nothingRemoved,
  type Plan,
  type Range,
  type Segment,
  toHorizons,
} from './window-plan.ts';

/** The statistics of a part of a window: an hour, ten minutes, a minute, or the readings of a minute that are in the window. */
export interface Part extends Range {
  rollup: Rollup;
}

interface SegmentsQuery<P extends Plan> {
  type: LoadedType;
  /** The keys of sensors; undefined: all sensors together. */
  keys: readonly number[] | undefined;
  toPlan: (horizons: Horizons) => P;
}

interface SegmentParts<P extends Plan> {
  plan: P;
  parts: Part[];
  horizons: Horizons;
}

/** The keys of the sensors that a query names; undefined: all sensors. @throws StorageError */
export async function findSelectedKeys(
  pool: Pool,
  type: number,
  { sensor_id }: { sensor_id?: readonly string[] | undefined },
): Promise<readonly number[] | undefined> {
  if (sensor_id === undefined) return undefined;
  const keys = await findSensorKeys(
    pool,
    sensor_id.map((name) => [type, name] as const),
  );
  return [...keys.values()];
}

/** Reads all segments of a window in one state of the database. @throws StorageError */
export async function selectSegments<P extends Plan>(
  pool: Pool,
  { type, keys, toPlan }: SegmentsQuery<P>,
): Promise<SegmentParts<P>> {
  return inSnapshot(pool, async (select) => {
    const horizons = await findHorizons(select);
    const plan = toPlan(horizons);
    return { plan, parts: await readParts(select, { ...plan, type, keys }), horizons };
  });
}

interface PartsQuery extends Omit<Plan, 'counted'> {
  type: LoadedType;
  /** The keys of sensors; undefined: all sensors together. */
  keys: readonly number[] | undefined;
}

/** Reads the parts of segments. Deltas that wait to be folded into rollups are parts of their own. */
export async function readParts(
  select: Select,
  { type, keys, segments, countsEnds = false }: PartsQuery,
): Promise<Part[]> {
  if (keys?.length === 0 || segments.length === 0) return [];
  const deltas = await listDeltas(select);
  const parts: Part[] = [];
  for (const segment of segments) {
    const sensors = { type, keys };
    if (countsEnds && segment.level === 'reading') parts.push(await countReadings(select, segment, sensors));
    else parts.push(...(await selectSegment(select, segment, sensors)));
    parts.push(...toDeltaParts(deltas, segment, sensors));
  }
  return parts;
}

/** @throws StorageError */
export async function findHorizons(select: Select): Promise<Horizons> {
  const [row] = await select<HorizonColumns>({ sql: `SELECT ${horizonColumns} FROM retention_horizons` });
  return row === undefined ? nothingRemoved : toHorizons(row);
}

type Sensors = Pick<PartsQuery, 'type' | 'keys'>;

async function selectSegment(select: Select, segment: Segment, { type, keys }: Sensors): Promise<Part[]> {
  const { level } = segment;
  if (level === 'reading') {
    const buckets = await rollUpReadings(select, {
      ...segment,
      type: { id: type.id, width: type.features.length },
      sensors: keys,
    });
    return buckets.map(({ bucket, rollup }) => toPart(segment, bucket, { rollup, lengthMs: minuteMs }));
  }
  const { table, lengthMs } = levelOf(level);
  const where = toWhere([
    { sql: 'type = ? AND sensor IN (?)', values: [type.id, keys ?? [allSensors]] },
    ...rangeConditions('bucket', segment),
  ]);
  const rows = await select<{ bucket: string; rollup: string }>({
    sql: `SELECT bucket, rollup FROM ${table} ${where.sql}`,
    values: where.values,
  });
  return rows.map(({ bucket, rollup }) => toPart(segment, bucket, { rollup: parseRollup(rollup), lengthMs }));
}

/** The number of readings and of anomalies, which are found in indexes alone. */
async function countReadings(
  select: Select,
  { fromMs, toMs }: Segment,
  { type, keys }: Sensors,
): Promise<Part> {
  const { sql, values } = toWhere([
    keys === undefined ? { sql: 'type = ?', values: [type.id] } : { sql: 'sensor IN (?)', values: [keys] },
    ...rangeConditions('timestamp', { fromMs, toMs }),
  ]);
  const [row] = await select<{ count: number; anomalies: number }>({
    sql: `SELECT (SELECT COUNT(*) FROM readings ${sql}) AS count, (SELECT COUNT(*) FROM anomalies ${sql}) AS anomalies`,
    values: [...values, ...values],
  });
  return { fromMs, toMs, rollup: { ...createRollup(), ...row } };
}

/** The part of a segment that a bucket, or the readings of a minute, are. */
function toPart(
  { fromMs, toMs }: Segment,
  bucket: string,
  { rollup, lengthMs }: { rollup: Rollup; lengthMs: number },
): Part {
  const startMs = Date.parse(fromSqlTimestamp(bucket));
  return { fromMs: Math.max(fromMs, startMs), toMs: Math.min(toMs, startMs + lengthMs), rollup };
}

/** What waits to be folded into the rollups of a segment. Readings are not rolled up. */
function toDeltaParts(deltas: readonly Delta[], segment: Segment, { type, keys }: Sensors): Part[] {
  const { level, fromMs, toMs } = segment;
  if (level === 'reading') return [];
  const { toStart, lengthMs } = levelOf(level);
  return deltas
    .flatMap(({ sensors }) => sensors)
    .filter((delta) => (keys === undefined ? delta.type === type.id : keys.includes(delta.sensor)))
    .flatMap(({ minutes }) => minutes)
    .filter(({ bucket }) => {
      const minuteStartMs = Date.parse(fromSqlTimestamp(bucket));
      return minuteStartMs >= fromMs && minuteStartMs < toMs;
    })
    .map(({ bucket, rollup }) =>
      toPart(segment, toStart(bucket), { rollup: fromDocument(rollup), lengthMs }),
    );
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

/** A finite range as a window. */
export function toWindow({ fromMs, toMs }: Range): { from: string; to: string } {
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}

/** The field `counted` of an answer, which it has only if the counted range differs from the window. */
export function toCountedAnswer(window: Range, counted: Range) {
  if (counted.fromMs === window.fromMs && counted.toMs === window.toMs) return {};
  return { counted: { from: toUtc(counted.fromMs), to: toUtc(counted.toMs) } };
}

function toUtc(timeMs: number): string | null {
  return Number.isFinite(timeMs) ? new Date(timeMs).toISOString() : null;
}
