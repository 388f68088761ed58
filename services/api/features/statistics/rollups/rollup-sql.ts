import { featureNames } from '@sensor-sentinel/contracts';
import type { Statement } from '../../../storage/connection.ts';
import { binColumns, type Rollup } from './rollup.ts';

/** Writers of the same bucket in different shards do not wait for each other. */
export const rollupShards = 8;

const columns = [
  ...['sensor_id', 'bucket', 'shard', 'count', 'anomalies'],
  ...featureNames.flatMap((name) => [`${name}_mean`, `${name}_deviations`, `${name}_min`, `${name}_max`]),
  ...binColumns,
].join(', ');

/**
 * Adds what is handed in to what is stored, by Chan's formula. Assignments see those before them, so that the
 * count, of which the others are made, comes last. A product with a DOUBLE comes before each division: the server
 * would round the quotient of two integers to four digits.
 */
function toMerge(name: string): string[] {
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

const featureMerges = featureNames.flatMap(toMerge);

/** Only the bins that change: the server takes as long for reading a statement as for carrying it out. */
function toMerges(rollups: readonly Rollup[]): string {
  const bins = binColumns.filter((_, bin) => rollups.some((rollup) => rollup.bins[bin] !== 0));
  const sums = ['anomalies', ...bins, 'count'].map((column) => `${column} = ${column} + VALUES(${column})`);
  return [...featureMerges, ...sums].join(', ');
}

function toRow({ sensor_id, bucket, count, anomalies, features, bins }: Rollup, shard: number): unknown[] {
  const values = featureNames.flatMap((name) => {
    const { mean, deviations, min, max } = features[name];
    return [mean, deviations, min, max];
  });
  return [sensor_id, bucket, shard, count, anomalies, ...values, ...bins];
}

/** Adds rollups to those of the table, in the rows of the shard. */
export function toRollupStatement(
  table: 'readings_minute' | 'readings_hour',
  rollups: readonly Rollup[],
  shard: number,
): Statement {
  return {
    sql: `INSERT INTO ${table} (${columns}) VALUES ? ON DUPLICATE KEY UPDATE ${toMerges(rollups)}`,
    values: [rollups.map((rollup) => toRow(rollup, shard))],
  };
}
