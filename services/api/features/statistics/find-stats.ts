import {
  type FeatureName,
  type FeatureStats,
  featureNames,
  type Stats,
  type TimeWindowQuery,
} from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { type Condition, toWindowAnswer } from '../../storage/where.ts';
import { mergeMoments } from './rollups/rollup.ts';
import { selectSegments, tables, toCountedAnswer, toRange, toSegmentWhere } from './select-segments.ts';
import { planWindow, type Segment } from './window-plan.ts';

type PartRow = Record<'count' | 'anomalies', number> &
  Record<`${FeatureName}_${'mean' | 'deviations' | 'min' | 'max'}`, number>;

export async function findStats(pool: Pool, query: TimeWindowQuery): Promise<Stats> {
  const window = toRange(query);
  const { plan, rows } = await selectSegments<PartRow>(pool, {
    toPlan: (horizons) => planWindow(window, horizons),
    toSelect: (segment) => toSelect(segment, query.sensor_id),
  });
  const answer = { ...toWindowAnswer(query), ...toCountedAnswer(window, plan.counted) };
  const count = rows.reduce((sum, row) => sum + row.count, 0);
  const anomalies = rows.reduce((sum, row) => sum + row.anomalies, 0);
  if (count === 0) return { ...answer, count, anomalies, anomaly_rate: null, features: null };
  const features = {
    temperature: toFeatureStats(rows, 'temperature'),
    humidity: toFeatureStats(rows, 'humidity'),
    sound_volume: toFeatureStats(rows, 'sound_volume'),
  };
  return { ...answer, count, anomalies, anomaly_rate: anomalies / count, features };
}

const sumsOfReadings = featureNames.map(
  (name) => `AVG(${name}) AS ${name}_mean, VAR_POP(${name}) * COUNT(*) AS ${name}_deviations,
    MIN(${name}) AS ${name}_min, MAX(${name}) AS ${name}_max`,
);

/** Relative to the mean of one bucket, to avoid the difference of two large squares. */
const sumsOfRollups = featureNames.map((name) => {
  const distance = `(${name}_mean - ${name}_origin)`;
  const distances = `SUM(count * ${distance})`;
  return `MAX(${name}_origin) + ${distances} / SUM(count) AS ${name}_mean,
    SUM(${name}_deviations + count * ${distance} * ${distance}) - ${distances} * ${distances} / SUM(count) AS ${name}_deviations,
    MIN(${name}_min) AS ${name}_min, MAX(${name}_max) AS ${name}_max`;
});
const origins = featureNames.map((name) => `${name}_mean AS ${name}_origin`);

function toSelect(segment: Segment, sensors: readonly string[] | undefined): Condition {
  const where = toSegmentWhere(segment, sensors);
  const table = tables[segment.level];
  if (segment.level === 'reading') {
    const sql = `SELECT COUNT(*) AS count, CAST(SUM(prediction) AS DOUBLE) AS anomalies, ${sumsOfReadings.join(', ')}
      FROM ${table} ${where.sql}`;
    return { sql, values: where.values };
  }
  const sql = `SELECT CAST(SUM(count) AS DOUBLE) AS count, CAST(SUM(anomalies) AS DOUBLE) AS anomalies,
    ${sumsOfRollups.join(', ')}
    FROM ${table} CROSS JOIN (SELECT ${origins.join(', ')} FROM ${table} ${where.sql} LIMIT 1) AS origin ${where.sql}`;
  return { sql, values: [...where.values, ...where.values] };
}

function toFeatureStats(rows: readonly PartRow[], name: FeatureName): FeatureStats {
  const parts = rows.map((row) => ({
    count: row.count,
    mean: row[`${name}_mean`],
    deviations: Math.max(0, row[`${name}_deviations`]),
  }));
  const { count, mean, deviations } = parts.reduce(mergeMoments);
  return {
    min: Math.min(...rows.map((row) => row[`${name}_min`])),
    max: Math.max(...rows.map((row) => row[`${name}_max`])),
    mean,
    std: Math.sqrt(deviations / count),
  };
}
