import type { BucketSeries, SeriesQuery } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { toWindowAnswer } from '../../storage/where.ts';
import type { LoadedType } from '../types/sensor-type.ts';
import { createRollup, mergeInto, momentsOf, type Rollup } from './rollups/rollup.ts';
import { findGapsOfBuckets } from './sample-readings.ts';
import { selectSegments, toCountedAnswer, toRange } from './select-segments.ts';
import {
  chooseBucketMs,
  type Horizons,
  type Plan,
  type Range,
  toBucketLevels,
  toCounted,
  toSegments,
} from './window-plan.ts';

interface Bucket {
  startMs: number;
  rollup: Rollup;
}

interface BucketPlan extends Plan {
  bucketMs: number;
  /** Whether retention has kept all readings of the range. */
  hasReadings: boolean;
  /** Whether the range is long enough for buckets. A shorter one is answered with readings, if they are kept. */
  hasEnough: boolean;
}

interface FoundBuckets extends BucketPlan {
  /** In order of time. */
  buckets: Bucket[];
  /** The horizons of retention in the state of the database that was read. */
  horizons: Horizons;
}

interface BucketsQuery {
  type: LoadedType;
  query: SeriesQuery;
  /** The keys of its sensors; undefined: all sensors. */
  keys: readonly number[] | undefined;
  /** The part of the window that has readings. */
  range: Range;
}

/** A window with fewer buckets than this is answered with readings. */
const enoughBuckets = 500;

/** Puts every reading of the range in one of at most `points` buckets. @throws StorageError */
export async function findBuckets(
  pool: Pool,
  { type, query, keys, range }: BucketsQuery,
): Promise<FoundBuckets> {
  function toPlan(horizons: Horizons): BucketPlan {
    const counted = toCounted(range, horizons);
    const hasMinutes = counted.fromMs >= horizons.minutes;
    const bucketMs = chooseBucketMs(counted, { points: query.points, hasMinutes });
    const hasReadings = range.fromMs >= horizons.readings;
    const hasEnough = (range.toMs - range.fromMs) / bucketMs >= Math.min(enoughBuckets, query.points / 2);
    const segments = toSegments(counted, toBucketLevels(bucketMs));
    return { counted, bucketMs, hasReadings, hasEnough, segments, countsEnds: hasReadings && !hasEnough };
  }
  const { plan, parts, horizons } = await selectSegments(pool, { type, keys, toPlan });
  const byStart = new Map<number, Rollup>();
  for (const part of parts) {
    const startMs = Math.floor(part.fromMs / plan.bucketMs) * plan.bucketMs;
    const rollup = byStart.get(startMs) ?? createRollup();
    byStart.set(startMs, rollup);
    mergeInto(rollup, part.rollup);
  }
  const buckets = Array.from(byStart, ([startMs, rollup]) => ({ startMs, rollup }));
  return { ...plan, buckets: buckets.sort((a, b) => a.startMs - b.startMs), horizons };
}

interface BucketAnswer {
  type: LoadedType;
  query: SeriesQuery;
  found: FoundBuckets;
  topAnomalies: BucketSeries['top_anomalies'];
}

export function toBucketSeries({ type, query, found, topAnomalies }: BucketAnswer): BucketSeries {
  const { buckets, bucketMs, horizons } = found;
  const window = toRange(query);
  const starts = buckets.map(({ startMs }) => startMs);
  const rollups = buckets.map(({ rollup }) => rollup);
  const toUtc = (timeMs: number) => new Date(timeMs).toISOString();
  const columnsOf = (part: 'mean' | 'min' | 'max') =>
    Object.fromEntries(
      type.featureNames.map((name, place) => [
        name,
        rollups.map((rollup) => {
          const moments = momentsOf(rollup, place);
          return moments.count === 0 ? null : moments[part];
        }),
      ]),
    );
  const sumOf = (column: 'count' | 'anomalies') => rollups.reduce((sum, rollup) => sum + rollup[column], 0);
  return {
    type: type.name,
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
    bucket_count: rollups.map(({ count }) => count),
    bucket_anomalies: rollups.map(({ anomalies }) => anomalies),
    top_anomalies: topAnomalies,
  };
}
