import type { Bucket, TypedSensor } from './buckets.ts';
import { type Moments, momentsOf, type Rollup } from './rollup.ts';

/** Rollups by type, sensor and bucket. */
export type Rollups = ReadonlyMap<string, Bucket>;

export function toRollups(buckets: readonly Bucket[]): Rollups {
  return new Map(buckets.map((bucket) => [`${bucket.type} ${bucket.bucket} ${bucket.sensor}`, bucket]));
}

/** A rollup that does not match its readings. */
export interface RollupDifference extends TypedSensor {
  bucket: string;
  /** The differences: `count is 4 instead of 5`. */
  what: string[];
}

/** Returns the rollups that differ from the expected ones. */
export function compareRollups(found: Rollups, expected: Rollups): RollupDifference[] {
  const keys = new Set([...found.keys(), ...expected.keys()]);
  return [...keys].flatMap((key) => {
    const [actual, target] = [found.get(key), expected.get(key)];
    const named = actual ?? target;
    const what = listDifferences(actual?.rollup, target?.rollup);
    if (named === undefined || what.length === 0) return [];
    return [{ type: named.type, sensor: named.sensor, bucket: named.bucket, what }];
  });
}

function listDifferences(found: Rollup | undefined, expected: Rollup | undefined): string[] {
  if (found === undefined) return [`is missing, of ${expected?.count} readings`];
  if (expected === undefined) return [`counts ${found.count} readings where there are none`];
  const places = Array.from(
    { length: Math.max(found.features.length, expected.features.length) },
    (_, i) => i,
  );
  return [
    ...listDifference('count', [found.count, expected.count]),
    ...listDifference('anomalies', [found.anomalies, expected.anomalies]),
    ...places.flatMap((place) =>
      compareMoments(`feature ${place + 1}`, momentsOf(found, place), momentsOf(expected, place)),
    ),
    ...compareMoments('score', found.score, expected.score),
    ...expected.bins.flatMap((count, bin) => listDifference(`bin_${bin}`, [found.bins[bin] ?? 0, count])),
  ];
}

/** The rounding error allowed for a mean, as a share of the largest absolute value. */
const meanTolerance = 1e-9;
/** The rounding error allowed for deviations, as a share of themselves and of `count` squares of the largest value. */
const deviationsTolerance = 1e-9;
const squaresTolerance = 1e-12;
/** The smallest number with all 53 bits: below it, any sum may differ. */
const smallest = 2 ** -1022;

function compareMoments(name: string, found: Moments, expected: Moments): string[] {
  if (found.count === 0 && expected.count === 0) return [];
  const largest = Math.max(Math.abs(expected.min), Math.abs(expected.max));
  const squares = expected.count * largest ** 2;
  const spread = deviationsTolerance * expected.deviations + squaresTolerance * squares + smallest;
  return [
    ...listDifference(`${name}_count`, [found.count, expected.count]),
    ...listDifference(`${name}_mean`, [found.mean, expected.mean], meanTolerance * largest + smallest),
    ...listDifference(`${name}_deviations`, [found.deviations, expected.deviations], spread),
    ...listDifference(`${name}_min`, [found.min, expected.min]),
    ...listDifference(`${name}_max`, [found.max, expected.max]),
  ];
}

type Pair = readonly [found: number, expected: number];

function listDifference(name: string, [found, expected]: Pair, tolerance = 0): string[] {
  return found === expected || Math.abs(found - expected) <= tolerance
    ? []
    : [`${name} is ${found} instead of ${expected}`];
}
