import { type FeatureName, featureNames } from '@sensor-sentinel/contracts';
import type { Statement } from '../../../storage/connection.ts';
import { toSqlTimestamp } from '../../../storage/sql-values.ts';
import type { Lateness } from '../../sensors/lateness.ts';
import { binColumns, type Rollup } from './rollup.ts';

export type RollupTable = 'readings_minute' | 'readings_hour';

export type RollupRow = Record<'sensor_id' | 'bucket', string> &
  Record<'count' | 'anomalies', number> &
  Record<`${FeatureName}_${'mean' | 'deviations' | 'min' | 'max'}`, number> &
  Record<`bin_${string}`, number>;

const featureColumns = featureNames.flatMap((name) =>
  ['mean', 'deviations', 'min', 'max'].map((part) => `${name}_${part}`),
);

/** The columns of a rollup without its key. */
export const rollupColumns = ['count, anomalies', ...featureColumns, ...binColumns].join(', ');

export function toRollup(row: RollupRow): Rollup {
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
    bins: binColumns.map((column) => row[column] ?? 0),
  };
}

function toFeatureValues({ features }: Rollup): number[] {
  return featureNames.flatMap((name) => {
    const { mean, deviations, min, max } = features[name];
    return [mean, deviations, min, max];
  });
}

/** Appends the minutes of a commit. The count of late readings of a sensor is stored with its first minute. */
export function toDeltaStatement(minutes: readonly Rollup[], lateness: readonly Lateness[]): Statement {
  const ofSensors = new Map(lateness.map((sensor) => [sensor.sensorId, sensor]));
  const bins = binColumns.flatMap((column, bin) =>
    minutes.some((minute) => minute.bins[bin] !== 0) ? [{ column, bin }] : [],
  );
  const sensorsWithRow = new Set<string>();
  const rows = minutes.map((minute) => {
    const { sensor_id, bucket, count, anomalies } = minute;
    const { late = 0, newestMs } = ofSensors.get(sensor_id) ?? {};
    const newest = newestMs === undefined ? bucket : toSqlTimestamp(new Date(newestMs).toISOString());
    const isFirst = !sensorsWithRow.has(sensor_id);
    sensorsWithRow.add(sensor_id);
    const counts = bins.map(({ bin }) => minute.bins[bin]);
    const values = toFeatureValues(minute);
    return [sensor_id, bucket, count, anomalies, ...values, isFirst ? late : 0, newest, ...counts];
  });
  const fixed = ['sensor_id', 'bucket', 'count', 'anomalies', ...featureColumns, 'late', 'newest'];
  const columns = [...fixed, ...bins.map(({ column }) => column)].join(', ');
  return { sql: `INSERT INTO rollup_deltas (${columns}) VALUES ?`, values: [rows] };
}

/** Each process writes to a shard of its own, so that processes do not wait for each other's row locks. */
export const rollupShards = 8;

/** Merges rollups into those of the table that belong to the shard. */
export function toRollupStatement(table: RollupTable, rollups: readonly Rollup[], shard: number): Statement {
  const rows = rollups.map((rollup) => {
    const { sensor_id, bucket, count, anomalies, bins } = rollup;
    return [sensor_id, bucket, shard, count, anomalies, ...toFeatureValues(rollup), ...bins];
  });
  return {
    sql: `INSERT INTO ${table} (sensor_id, bucket, shard, ${rollupColumns}) VALUES ?
      ON DUPLICATE KEY UPDATE ${toMerges(rollups)}`,
    values: [rows],
  };
}

/** Leaves out bins that do not change: parsing a statement takes the server as long as executing it. */
function toMerges(rollups: readonly Rollup[]): string {
  const bins = binColumns.filter((_, bin) => rollups.some((rollup) => rollup.bins[bin] !== 0));
  const sums = ['anomalies', ...bins, 'count'].map((column) => `${column} = ${column} + VALUES(${column})`);
  return [...featureMerges, ...sums].join(', ');
}

const featureMerges = featureNames.flatMap(toFeatureMerges);

/**
 * `mergeMoments` in SQL. Each assignment sees the earlier ones, so `count`, which the others need unchanged, comes last.
 * A product with a DOUBLE comes before each division, because the server rounds the quotient of two integers to four
 * digits.
 */
function toFeatureMerges(name: FeatureName): string[] {
  const [mean, deviations, min, max] = ['mean', 'deviations', 'min', 'max'].map((part) => `${name}_${part}`);
  const delta = `(VALUES(${mean}) - ${mean})`;
  const both = '(count + VALUES(count))';
  return [
    `${deviations} = ${deviations} + VALUES(${deviations}) + ${delta} * ${delta} * count * VALUES(count) / ${both}`,
    `${mean} = ${mean} + ${delta} * VALUES(count) / ${both}`,
    `${min} = LEAST(${min}, VALUES(${min}))`,
    `${max} = GREATEST(${max}, VALUES(${max}))`,
  ];
}
