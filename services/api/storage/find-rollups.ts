import { type FeatureName, featureNames } from '@sensor-sentinel/contracts';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { mergeMoments } from './merge-moments.ts';
import { allSensors, binColumns, type Rollup, rollupBins } from './rollup.ts';

/** A minute or an hour by the name of its table. */
export type RollupTable = 'readings_minute' | 'readings_hour';

const formats = { readings_minute: '%Y-%m-%d %H:%i:00', readings_hour: '%Y-%m-%d %H:00:00' };
const bins = binColumns.map((column, bin) => ({ bin, column }));

const ofRows = [
  'COUNT(*) AS count, CAST(SUM(prediction) AS DOUBLE) AS anomalies',
  ...featureNames.map(
    (name) => `AVG(${name}) AS ${name}_mean, VAR_POP(${name}) * COUNT(*) AS ${name}_deviations,
      MIN(${name}) AS ${name}_min, MAX(${name}) AS ${name}_max`,
  ),
  ...bins.map(
    ({ bin, column }) =>
      `CAST(SUM(LEAST(FLOOR(score * ${rollupBins}), ${rollupBins - 1}) = ${bin}) AS DOUBLE) AS ${column}`,
  ),
].join(', ');

const ofShards = [
  'count, anomalies',
  ...featureNames.map((name) => `${name}_mean, ${name}_deviations, ${name}_min, ${name}_max`),
  ...bins.map(({ column }) => column),
].join(', ');

function toRollup(row: RowDataPacket): Rollup {
  const toFeature = (name: FeatureName) => ({
    mean: row[`${name}_mean`],
    deviations: row[`${name}_deviations`],
    min: row[`${name}_min`],
    max: row[`${name}_max`],
  });
  return {
    sensor_id: row.sensor_id,
    bucket: row.bucket,
    count: row.count,
    anomalies: row.anomalies,
    features: {
      temperature: toFeature('temperature'),
      humidity: toFeature('humidity'),
      sound_volume: toFeature('sound_volume'),
    },
    bins: bins.map(({ column }) => row[column]),
  };
}

/** Of two parts of one bucket; named after the first. */
export function mergeRollups(a: Rollup, b: Rollup): Rollup {
  const toFeature = (name: FeatureName) => {
    const [one, other] = [a.features[name], b.features[name]];
    const { mean, deviations } = mergeMoments({ ...one, count: a.count }, { ...other, count: b.count });
    return { mean, deviations, min: Math.min(one.min, other.min), max: Math.max(one.max, other.max) };
  };
  return {
    ...a,
    count: a.count + b.count,
    anomalies: a.anomalies + b.anomalies,
    features: {
      temperature: toFeature('temperature'),
      humidity: toFeature('humidity'),
      sound_volume: toFeature('sound_volume'),
    },
    bins: a.bins.map((count, bin) => count + (b.bins[bin] ?? 0)),
  };
}

/** By sensor and bucket. */
export type Rollups = Map<string, Rollup>;

export function addRollup(rollups: Rollups, rollup: Rollup): void {
  const key = `${rollup.bucket} ${rollup.sensor_id}`;
  const known = rollups.get(key);
  rollups.set(key, known === undefined ? rollup : mergeRollups(known, rollup));
}

/** From `from` up to but not including `to`, as SQL has them. */
export interface SqlRange {
  from: string;
  to: string;
}

/** What the readings come to; of one sensor, of all together under the empty name, or of each. */
export async function rollUpReadings(
  connection: Connection,
  { table, from, to, sensor }: SqlRange & { table: RollupTable; sensor?: string },
): Promise<Rollup[]> {
  const isOne = sensor !== undefined && sensor !== allSensors;
  const sensorColumn = sensor === allSensors ? "''" : 'sensor_id';
  const sql = `SELECT ${sensorColumn} AS sensor_id, DATE_FORMAT(timestamp, '${formats[table]}') AS bucket, ${ofRows}
    FROM readings WHERE timestamp >= ? AND timestamp < ? ${isOne ? 'AND sensor_id = ?' : ''} GROUP BY 1, 2`;
  const [rows] = await connection.query<RowDataPacket[]>(sql, [from, to, ...(isOne ? [sensor] : [])]);
  return rows.map(toRollup);
}

/** What the table holds, its shards together. */
export async function findRollups(
  connection: Connection,
  { table, from, to }: SqlRange & { table: RollupTable },
): Promise<Rollups> {
  const sql = `SELECT sensor_id, bucket, ${ofShards} FROM ${table} WHERE bucket >= ? AND bucket < ?`;
  const [rows] = await connection.query<RowDataPacket[]>(sql, [from, to]);
  const found: Rollups = new Map();
  for (const row of rows) addRollup(found, toRollup(row));
  return found;
}
