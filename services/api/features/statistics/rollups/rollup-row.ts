import { type FeatureName, featureNames } from '@sensor-sentinel/contracts';
import { binColumns, type Rollup } from './rollup.ts';

/** The columns of a bucket, or of a part of one, beside its key. */
export const rollupColumns = [
  'count, anomalies',
  ...featureNames.map((name) => `${name}_mean, ${name}_deviations, ${name}_min, ${name}_max`),
  ...binColumns,
].join(', ');

export type RollupRow = Record<'sensor_id' | 'bucket', string> &
  Record<'count' | 'anomalies', number> &
  Record<`${FeatureName}_${'mean' | 'deviations' | 'min' | 'max'}`, number> &
  Record<`bin_${string}`, number>;

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
