import { type FeatureName, featureNames } from '@sensor-sentinel/contracts';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { mergeMoments } from './merge-moments.ts';
import { allSensors, binColumns, type Rollup, rollupBins } from './rollup.ts';
import { type RollupRow, rollupColumns, toRollup } from './rollup-row.ts';

/** A minute or an hour by the name of its table. */
export type RollupTable = 'readings_minute' | 'readings_hour';

type FoundRow = RowDataPacket & RollupRow;

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
    FROM readings WHERE timestamp >= ? AND timestamp < ? ${isOne ? 'AND sensor_id = ? AND prediction IN (0, 1)' : ''} GROUP BY 1, 2`;
  const [rows] = await connection.query<FoundRow[]>(sql, [from, to, ...(isOne ? [sensor] : [])]);
  return rows.map(toRollup);
}

/** What the table holds, its shards together, and what waits to be folded into it. */
export async function findRollups(
  connection: Connection,
  { table, from, to }: SqlRange & { table: RollupTable },
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
