import { featureNames } from '@sensor-sentinel/contracts';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { allSensors, binColumns, mergeInto, type Rollup, rollupBins } from './rollup.ts';
import { type RollupRow, type RollupTable, rollupColumns, toRollup } from './rollup-sql.ts';

/** A rollup that does not match its readings. */
export interface RollupFault {
  table: RollupTable;
  sensor_id: string;
  bucket: string;
  /** The differences: `count is 4 instead of 5`. */
  what: string[];
}

/** By bucket and sensor. */
export type Rollups = Map<string, Rollup>;

/** Returns the rollups in which a table differs from the expected ones. */
export function compareRollups(table: RollupTable, found: Rollups, expected: Rollups): RollupFault[] {
  const keys = new Set([...found.keys(), ...expected.keys()]);
  return [...keys].flatMap((key) => {
    const [actual, target] = [found.get(key), expected.get(key)];
    const named = actual ?? target;
    const what = listDifferences(actual, target);
    if (named === undefined || what.length === 0) return [];
    return [{ table, sensor_id: named.sensor_id, bucket: named.bucket, what }];
  });
}

function listDifferences(found: Rollup | undefined, expected: Rollup | undefined): string[] {
  if (found === undefined) return [`is missing, of ${expected?.count} readings`];
  if (expected === undefined) return [`counts ${found.count} readings where there are none`];
  return [
    ...listDifference('count', [found.count, expected.count]),
    ...listDifference('anomalies', [found.anomalies, expected.anomalies]),
    ...featureNames.flatMap((name) => compareFeature(name, found, expected)),
    ...expected.bins.flatMap((count, bin) => listDifference(`bin_${bin}`, [found.bins[bin] ?? 0, count])),
  ];
}

/** The rounding error allowed for a mean, as a share of the largest absolute value. */
const meanTolerance = 1e-9;
/** The rounding error allowed for deviations, as a share of themselves and of `count` squares of the largest value. */
const deviationsTolerance = 1e-9;
const squaresTolerance = 1e-12;

function compareFeature(name: (typeof featureNames)[number], found: Rollup, expected: Rollup): string[] {
  const [actual, target] = [found.features[name], expected.features[name]];
  const largest = Math.max(Math.abs(target.min), Math.abs(target.max));
  const squares = expected.count * largest ** 2;
  const spread = deviationsTolerance * target.deviations + squaresTolerance * squares;
  return [
    ...listDifference(`${name}_mean`, [actual.mean, target.mean], meanTolerance * largest),
    ...listDifference(`${name}_deviations`, [actual.deviations, target.deviations], spread),
    ...listDifference(`${name}_min`, [actual.min, target.min]),
    ...listDifference(`${name}_max`, [actual.max, target.max]),
  ];
}

type Pair = readonly [found: number, expected: number];

function listDifference(name: string, [found, expected]: Pair, tolerance = 0): string[] {
  return Math.abs(found - expected) <= tolerance ? [] : [`${name} is ${found} instead of ${expected}`];
}

/** From `from` up to but not including `to`, as in SQL. */
interface RollupRange {
  table: RollupTable;
  from: string;
  to: string;
}

type FoundRow = RowDataPacket & RollupRow;

const formats = { readings_minute: '%Y-%m-%d %H:%i:00', readings_hour: '%Y-%m-%d %H:00:00' };

/** The rollups as stored: the shards of the table together with the deltas that wait to be folded. */
export async function findRollups(
  connection: Connection,
  { table, from, to }: RollupRange,
): Promise<Rollups> {
  const delta = `DATE_FORMAT(bucket, '${formats[table]}') AS bucket, ${rollupColumns} FROM rollup_deltas`;
  const within = 'WHERE bucket >= ? AND bucket < ?';
  const sql = `SELECT sensor_id, bucket, ${rollupColumns} FROM ${table} ${within}
    UNION ALL SELECT sensor_id, ${delta} ${within} UNION ALL SELECT '${allSensors}', ${delta} ${within}`;
  const [rows] = await connection.query<FoundRow[]>(sql, [from, to, from, to, from, to]);
  const found: Rollups = new Map();
  for (const row of rows) addRollup(found, toRollup(row));
  return found;
}

const sumsOfReadings = [
  'COUNT(*) AS count, CAST(SUM(prediction) AS DOUBLE) AS anomalies',
  ...featureNames.map(
    (name) => `AVG(${name}) AS ${name}_mean, VAR_POP(${name}) * COUNT(*) AS ${name}_deviations,
      MIN(${name}) AS ${name}_min, MAX(${name}) AS ${name}_max`,
  ),
  ...binColumns.map(
    (column, bin) =>
      `CAST(SUM(LEAST(FLOOR(score * ${rollupBins}), ${rollupBins - 1}) = ${bin}) AS DOUBLE) AS ${column}`,
  ),
].join(', ');

/** The rollups recomputed from readings: of one sensor, of all sensors together (`allSensors`), or of each sensor. */
export async function rollUpReadings(
  connection: Connection,
  { table, from, to, sensor }: RollupRange & { sensor?: string },
): Promise<Rollup[]> {
  const isOne = sensor !== undefined && sensor !== allSensors;
  const sensorColumn = sensor === allSensors ? "''" : 'sensor_id';
  const sql = `SELECT ${sensorColumn} AS sensor_id, DATE_FORMAT(timestamp, '${formats[table]}') AS bucket, ${sumsOfReadings}
    FROM readings WHERE timestamp >= ? AND timestamp < ? ${isOne ? 'AND sensor_id = ? AND prediction IN (0, 1)' : ''} GROUP BY 1, 2`;
  const [rows] = await connection.query<FoundRow[]>(sql, [from, to, ...(isOne ? [sensor] : [])]);
  return rows.map(toRollup);
}

/** Merges a rollup into the one of its sensor and bucket. */
export function addRollup(rollups: Rollups, rollup: Rollup): void {
  const key = `${rollup.bucket} ${rollup.sensor_id}`;
  const known = rollups.get(key);
  if (known) mergeInto(known, rollup);
  else rollups.set(key, structuredClone(rollup));
}
