import {
  type BucketSeries,
  type FeatureName,
  featureNames,
  type SeriesQuery,
} from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { type Condition, toWindowAnswer } from '../../storage/where.ts';
import { findGapsOfBuckets } from './sample-readings.ts';
import { selectSegments, tables, toCountedAnswer, toRange, toSegmentWhere } from './select-segments.ts';
import {
  chooseBucketMs,
  type Horizons,
  hourMs,
  type Plan,
  type Range,
  type Segment,
  toCounted,
  toSegments,
} from './window-plan.ts';

type FeatureColumns = Record<`${FeatureName}_${'mean' | 'min' | 'max'}`, number>;

/** `start` is the number of buckets since 1970. */
type Bucket = Record<'start' | 'count' | 'anomalies', number> & FeatureColumns;

interface BucketPlan extends Plan {
  bucketMs: number;
}

interface FoundBuckets extends BucketPlan {
  buckets: Bucket[];
  /** The horizons of retention in the state of the database that was read. */
  horizons: Horizons;
}

interface BucketsQuery {
  query: SeriesQuery;
  /** The part of the window that has readings. */
  range: Range;
  horizons: Horizons;
}

/** Puts every reading of the range in one of at most `points` buckets. */
export async function findBuckets(
  pool: Pool,
  { query, range, horizons: expected }: BucketsQuery,
): Promise<FoundBuckets> {
  function toPlan(horizons: Horizons): BucketPlan {
    const counted = toCounted(range, horizons);
    const hasMinutes = counted.fromMs >= horizons.minutes;
    const bucketMs = chooseBucketMs(counted, { points: query.points, hasMinutes });
    const levels = bucketMs < hourMs ? (['minute', 'reading'] as const) : undefined;
    return { counted, bucketMs, segments: toSegments(counted, levels) };
  }
  const { plan, rows, horizons } = await selectSegments<Bucket, BucketPlan>(pool, {
    toPlan,
    toSelect: (segment, { bucketMs }) => toSelect(segment, query.sensor_id, bucketMs),
    horizons: expected,
  });
  return { ...plan, buckets: mergeByStart(rows), horizons };
}

const featuresOfReadings = featureNames.map(
  (name) => `AVG(${name}) AS ${name}_mean, MIN(${name}) AS ${name}_min, MAX(${name}) AS ${name}_max`,
);
const featuresOfRollups = featureNames.map(
  (name) => `SUM(count * ${name}_mean) / SUM(count) AS ${name}_mean,
    MIN(${name}_min) AS ${name}_min, MAX(${name}_max) AS ${name}_max`,
);

function toSelect(segment: Segment, sensors: readonly string[] | undefined, bucketMs: number): Condition {
  const where = toSegmentWhere(segment, sensors);
  const isReading = segment.level === 'reading';
  const time = isReading ? 'timestamp' : 'bucket';
  const counts = isReading ? ['COUNT(*)', 'SUM(prediction)'] : ['SUM(count)', 'SUM(anomalies)'];
  const [count, anomalies] = counts.map((sum) => `CAST(${sum} AS DOUBLE)`);
  const features = isReading ? featuresOfReadings : featuresOfRollups;
  const sql = `SELECT TIMESTAMPDIFF(SECOND, '1970-01-01', ${time}) DIV ${bucketMs / 1000} AS start,
    ${count} AS count, ${anomalies} AS anomalies, ${features.join(', ')}
    FROM ${tables[segment.level]} ${where.sql} GROUP BY 1`;
  return { sql, values: where.values };
}

/** Several segments may have a part of the same bucket. */
function mergeByStart(rows: readonly Bucket[]): Bucket[] {
  const byStart = new Map<number, Bucket>();
  for (const row of rows) {
    const known = byStart.get(row.start);
    byStart.set(row.start, known === undefined ? row : merge(known, row));
  }
  return [...byStart.values()].sort((a, b) => a.start - b.start);
}

function merge(a: Bucket, b: Bucket): Bucket {
  const count = a.count + b.count;
  const merged = { ...a, count, anomalies: a.anomalies + b.anomalies };
  for (const name of featureNames) {
    const [mean, min, max] = [`${name}_mean`, `${name}_min`, `${name}_max`] as const;
    merged[mean] = a[mean] + ((b[mean] - a[mean]) * b.count) / count;
    merged[min] = Math.min(a[min], b[min]);
    merged[max] = Math.max(a[max], b[max]);
  }
  return merged;
}

interface BucketAnswer {
  query: SeriesQuery;
  found: FoundBuckets;
  newestAnomalies: BucketSeries['newest_anomalies'];
}

export function toBucketSeries({ query, found, newestAnomalies }: BucketAnswer): BucketSeries {
  const { buckets, bucketMs, horizons } = found;
  const window = toRange(query);
  const starts = buckets.map(({ start }) => start * bucketMs);
  const toUtc = (timeMs: number) => new Date(timeMs).toISOString();
  const columnsOf = (part: 'mean' | 'min' | 'max') => ({
    temperature: buckets.map((bucket) => bucket[`temperature_${part}`]),
    humidity: buckets.map((bucket) => bucket[`humidity_${part}`]),
    sound_volume: buckets.map((bucket) => bucket[`sound_volume_${part}`]),
  });
  const sumOf = (column: 'count' | 'anomalies') => buckets.reduce((sum, bucket) => sum + bucket[column], 0);
  return {
    ...toWindowAnswer(query),
    ...toCountedAnswer(window, toCounted(window, horizons)),
    resolution: bucketMs / 1000,
    count: sumOf('count'),
    anomalies: sumOf('anomalies'),
    gaps: findGapsOfBuckets(starts, bucketMs).map((index) => ({
      from: toUtc(starts[index] ?? 0),
      to: toUtc(starts[index + 1] ?? 0),
    })),
    timestamp: starts.map(toUtc),
    ...columnsOf('mean'),
    min: columnsOf('min'),
    max: columnsOf('max'),
    bucket_count: buckets.map(({ count }) => count),
    bucket_anomalies: buckets.map(({ anomalies }) => anomalies),
    newest_anomalies: newestAnomalies,
  };
}
