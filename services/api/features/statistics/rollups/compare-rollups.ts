import { featureNames } from '@sensor-sentinel/contracts';
import type { Rollups, RollupTable } from './find-rollups.ts';
import type { Rollup } from './rollup.ts';

/** A bucket that is not what its readings come to. */
export interface RollupFault {
  table: RollupTable;
  sensor_id: string;
  bucket: string;
  /** What differs: `count is 4 instead of 5`. */
  what: string[];
}

/** What rounding may make of means, as a share of the larger of both ends of the range. */
const meanTolerance = 1e-9;
/** Of the sum of squared deviations itself, and of as many squares of the largest value. */
const deviationsTolerance = 1e-9;
const squaresTolerance = 1e-12;

/** A figure as it is and as it should be. */
type Pair = readonly [found: number, expected: number];

function toFault(name: string, [found, expected]: Pair, tolerance = 0): string[] {
  return Math.abs(found - expected) <= tolerance ? [] : [`${name} is ${found} instead of ${expected}`];
}

function compareFeature(name: (typeof featureNames)[number], found: Rollup, expected: Rollup): string[] {
  const [has, should] = [found.features[name], expected.features[name]];
  const largest = Math.max(Math.abs(should.min), Math.abs(should.max));
  const squares = expected.count * largest ** 2;
  const spread = deviationsTolerance * should.deviations + squaresTolerance * squares;
  return [
    ...toFault(`${name}_mean`, [has.mean, should.mean], meanTolerance * largest),
    ...toFault(`${name}_deviations`, [has.deviations, should.deviations], spread),
    ...toFault(`${name}_min`, [has.min, should.min]),
    ...toFault(`${name}_max`, [has.max, should.max]),
  ];
}

function compare(found: Rollup | undefined, expected: Rollup | undefined): string[] {
  if (found === undefined) return [`is missing, of ${expected?.count} readings`];
  if (expected === undefined) return [`counts ${found.count} readings where there are none`];
  return [
    ...toFault('count', [found.count, expected.count]),
    ...toFault('anomalies', [found.anomalies, expected.anomalies]),
    ...featureNames.flatMap((name) => compareFeature(name, found, expected)),
    ...expected.bins.flatMap((count, bin) => toFault(`bin_${bin}`, [found.bins[bin] ?? 0, count])),
  ];
}

/** The buckets in which a table differs from what is expected of it. */
export function compareRollups(table: RollupTable, found: Rollups, expected: Rollups): RollupFault[] {
  const keys = new Set([...found.keys(), ...expected.keys()]);
  return [...keys].flatMap((key) => {
    const [has, should] = [found.get(key), expected.get(key)];
    const named = has ?? should;
    const what = compare(has, should);
    if (named === undefined || what.length === 0) return [];
    return [{ table, sensor_id: named.sensor_id, bucket: named.bucket, what }];
  });
}
