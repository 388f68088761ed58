import {
  type FeatureName,
  type FeatureStats,
  featureNames,
  type Stats,
  type TimeWindowQuery,
} from '@sensor-sentinel/contracts';
import type { CallbackPool } from '../storage/pool.ts';
import { selectRows } from '../storage/run-query.ts';
import { toWhere, toWindowAnswer, windowConditions } from './where.ts';

type StatsRow = Record<'count' | 'anomalies', number> &
  Record<`${FeatureName}_${'min' | 'max' | 'mean' | 'std'}`, number>;

const featureSums = featureNames.map(
  (name) =>
    `MIN(${name}) AS ${name}_min, MAX(${name}) AS ${name}_max, AVG(${name}) AS ${name}_mean, STDDEV_POP(${name}) AS ${name}_std`,
);

function toFeatureStats(row: StatsRow, name: FeatureName): FeatureStats {
  return {
    min: row[`${name}_min`],
    max: row[`${name}_max`],
    mean: row[`${name}_mean`],
    std: row[`${name}_std`],
  };
}

export async function findStats(pool: CallbackPool, query: TimeWindowQuery): Promise<Stats> {
  const where = toWhere(windowConditions(query));
  const sql = `SELECT COUNT(*) AS count, CAST(COALESCE(SUM(prediction), 0) AS DOUBLE) AS anomalies,
    ${featureSums.join(', ')} FROM readings ${where.sql}`;
  const [row] = await selectRows<StatsRow>(pool, { sql, values: where.values });
  const { count, anomalies } = row ?? { count: 0, anomalies: 0 };
  const window = toWindowAnswer(query);
  if (!row || count === 0) return { ...window, count, anomalies, anomaly_rate: null, features: null };
  const features = {
    temperature: toFeatureStats(row, 'temperature'),
    humidity: toFeatureStats(row, 'humidity'),
    sound_volume: toFeatureStats(row, 'sound_volume'),
  };
  return { ...window, count, anomalies, anomaly_rate: anomalies / count, features };
}
