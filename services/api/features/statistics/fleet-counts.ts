import { type FleetQuery, maxFleetCells } from '@sensor-sentinel/contracts';
import type { Select } from '../../storage/connection.ts';
import { fromSqlTimestamp, toSqlTime } from '../../storage/sql-values.ts';
import { levelOf } from './rollups/buckets.ts';
import { listDeltas } from './rollups/deltas.ts';
import { findHorizons } from './select-segments.ts';
import { chooseBucketMs, minuteMs, type Range, toBucketLevels } from './window-plan.ts';

/** Readings and anomalies of one sensor by bucket. */
export interface BucketCounts {
  readings: number[];
  anomalies: number[];
}

/** Buckets of equal length that cover a window. The first and the last may be only partly in it, but are counted whole. */
interface BucketGrid {
  startMs: number;
  bucketMs: number;
  buckets: number;
}

interface CountsQuery {
  /** The key of the type. */
  type: number;
  /** The keys of the sensors. */
  sensors: readonly number[];
  window: Range;
  query: Pick<FleetQuery, 'buckets'>;
}

interface Selects {
  select: Select;
  /** Without a time limit, for queries that are always fast. */
  unlimited: Select;
}

/** Counts from rollups, and what waits to be folded into them, by the key of the sensor. A sensor without readings has none. */
export async function countByBucket({ select, unlimited }: Selects, counted: CountsQuery) {
  const { type, sensors, window, query } = counted;
  const horizons = await findHorizons(unlimited);
  const points = Math.min(query.buckets, Math.floor(maxFleetCells / Math.max(1, sensors.length)));
  const grid = toGrid(window, { points, hasMinutes: window.fromMs >= horizons.minutes });
  const counts = new Map<number, BucketCounts>();
  if (sensors.length === 0) return { grid, counts };
  const wanted = new Set(sensors);
  const pending = (await listPending(unlimited, grid)).filter(({ sensor }) => wanted.has(sensor));
  for (const row of [...(await sumRollups(select, grid, { type, sensors })), ...pending])
    addTo(counts, grid, row);
  return { grid, counts };
}

function toGrid(window: Range, options: { points: number; hasMinutes: boolean }): BucketGrid {
  const bucketMs = chooseBucketMs(window, options);
  const first = Math.floor(window.fromMs / bucketMs);
  return { startMs: first * bucketMs, bucketMs, buckets: Math.ceil(window.toMs / bucketMs) - first };
}

interface CountRow {
  /** The key of the sensor. */
  sensor: number;
  /** The place of the bucket in the grid. */
  place: number;
  readings: number;
  anomalies: number;
}

/** A DATETIME cannot be later. */
const latestMs = Date.parse('9999-12-31T23:59:59.000Z');

/** From the coarsest rollups of which the buckets consist. */
async function sumRollups(
  select: Select,
  { startMs, bucketMs, buckets }: BucketGrid,
  { type, sensors }: Pick<CountsQuery, 'type' | 'sensors'>,
): Promise<CountRow[]> {
  const [level] = toBucketLevels(bucketMs);
  if (level === undefined || level === 'reading') throw new Error(`no rollups have ${bucketMs} ms`);
  const endMs = Math.min(startMs + buckets * bucketMs, latestMs);
  const [start, end] = [toSqlTime(startMs), toSqlTime(endMs)];
  return select<CountRow>({
    sql: `sensor, TIMESTAMPDIFF(MINUTE, ?, bucket) DIV ? AS place,
      CAST(SUM(JSON_VALUE(rollup, '$.count')) AS DOUBLE) AS readings,
      CAST(SUM(JSON_VALUE(rollup, '$.anomalies')) AS DOUBLE) AS anomalies
      FROM ${levelOf(level).table} WHERE type = ? AND sensor IN (?) AND bucket >= ? AND bucket < ? GROUP BY 1, 2`,
    values: [start, bucketMs / minuteMs, type, sensors, start, end],
  });
}

/** What waits to be folded into the rollups. */
async function listPending(select: Select, { startMs, bucketMs, buckets }: BucketGrid): Promise<CountRow[]> {
  return (await listDeltas(select))
    .flatMap(({ sensors }) => sensors)
    .flatMap(({ sensor, minutes }) =>
      minutes.map(({ bucket, rollup: { count, anomalies } }) => {
        const place = Math.floor((Date.parse(fromSqlTimestamp(bucket)) - startMs) / bucketMs);
        return { sensor, place, readings: count, anomalies };
      }),
    )
    .filter(({ place }) => place >= 0 && place < buckets);
}

function addTo(counts: Map<number, BucketCounts>, { buckets }: BucketGrid, row: CountRow): void {
  const { sensor, place, readings, anomalies } = row;
  const none = () => Array<number>(buckets).fill(0);
  const ofSensor = counts.get(sensor) ?? { readings: none(), anomalies: none() };
  counts.set(sensor, ofSensor);
  ofSensor.readings[place] = (ofSensor.readings[place] ?? 0) + readings;
  ofSensor.anomalies[place] = (ofSensor.anomalies[place] ?? 0) + anomalies;
}
