import type { FeatureStats, Stats, TimeWindowQuery } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { toWindowAnswer } from '../../storage/where.ts';
import { type Moments, mergeRollups } from './rollups/rollup.ts';
import { findSensorKeys, selectSegments, toCountedAnswer, toRange } from './select-segments.ts';
import { planWindow } from './window-plan.ts';

export async function findStats(pool: Pool, query: TimeWindowQuery): Promise<Stats> {
  const window = toRange(query);
  const { plan, parts } = await selectSegments(pool, {
    keys: await findSensorKeys(pool, query),
    toPlan: (horizons) => planWindow(window, horizons),
  });
  const { count, anomalies, features } = mergeRollups(parts.map(({ rollup }) => rollup));
  const answer = { ...toWindowAnswer(query), ...toCountedAnswer(window, plan.counted), count, anomalies };
  if (count === 0) return { ...answer, anomaly_rate: null, features: null };
  return {
    ...answer,
    anomaly_rate: anomalies / count,
    features: {
      temperature: toFeatureStats(features.temperature),
      humidity: toFeatureStats(features.humidity),
      sound_volume: toFeatureStats(features.sound_volume),
    },
  };
}

function toFeatureStats({ count, mean, deviations, min, max }: Moments): FeatureStats {
  return { min, max, mean, std: Math.sqrt(Math.max(0, deviations) / count) };
}
