import { type FeatureName, featureNames } from '@sensor-sentinel/contracts';
import type { Select } from '../../../storage/connection.ts';
import { allSensors } from '../../../storage/keys.ts';

import { rangeConditions, toWhere } from '../../../storage/where.ts';
import { toValueSql } from '../../readings/reading-row.ts';
import type { Range } from '../window-plan.ts';
import {
  type Bucket,
  Buckets,
  createRollup,
  type Moments,
  mergeInto,
  type Rollup,
  rollupBins,
} from './rollup.ts';

type Value = FeatureName | 'score';

type PartRow = Record<'bin' | 'count' | 'anomalies', number> & { sensor: number; bucket: string } & Record<
    `${Value}_${'mean' | 'deviations' | 'min' | 'max'}`,
    number
  >;

const values: readonly Value[] = [...featureNames, 'score'];

const columns = [
  `LEAST(FLOOR(readings.score * ${rollupBins}), ${rollupBins - 1}) AS bin`,
  'COUNT(*) AS count, CAST(SUM(prediction) AS DOUBLE) AS anomalies',
  ...values.map((name) => {
    const value = toValueSql(name);
    return `AVG(${value}) AS ${name}_mean, VAR_POP(${value}) * COUNT(*) AS ${name}_deviations,
      MIN(${value}) AS ${name}_min, MAX(${value}) AS ${name}_max`;
  }),
].join(', ');

interface ReadingsQuery extends Range {
  /** The keys of sensors; undefined: all sensors. */
  sensors?: readonly number[] | undefined;
  /** Whether each sensor has rollups of its own. */
  isBySensor?: boolean;
}

/**
 * The statistics of readings per minute, computed by the server: of each sensor, or of the given sensors together under the
 * key `allSensors`.
 * @throws StorageError
 */
export async function rollUpReadings(
  select: Select,
  { fromMs, toMs, sensors, isBySensor = false }: ReadingsQuery,
): Promise<Bucket[]> {
  const where = toWhere([
    ...(sensors === undefined ? [] : [{ sql: 'readings.sensor IN (?)', values: [sensors] }]),
    ...rangeConditions('readings.timestamp', { fromMs, toMs }),
  ]);
  const sql = `SELECT ${isBySensor ? 'readings.sensor' : allSensors} AS sensor,
    DATE_FORMAT(readings.timestamp, '%Y-%m-%d %H:%i:00') AS bucket, ${columns}
    FROM readings ${where.sql} GROUP BY 1, 2, 3`;
  const buckets = new Buckets();
  for (const row of await select<PartRow>({ sql, values: where.values }))
    mergeInto(buckets.at(row.sensor, row.bucket), toRollup(row));
  return buckets.list();
}

/** The readings with a score in one bin. */
function toRollup(row: PartRow): Rollup {
  const { count, anomalies, bin } = row;
  const toMoments = (name: Value): Moments => ({
    count,
    mean: row[`${name}_mean`],
    deviations: row[`${name}_deviations`],
    min: row[`${name}_min`],
    max: row[`${name}_max`],
  });
  const rollup = createRollup();
  rollup.bins[bin] = count;
  return {
    ...rollup,
    count,
    anomalies,
    features: {
      temperature: toMoments('temperature'),
      humidity: toMoments('humidity'),
      sound_volume: toMoments('sound_volume'),
    },
    score: toMoments('score'),
  };
}
