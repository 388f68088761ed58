import type { FeatureStats, Stats, TimeWindowQuery } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { toWindowAnswer } from '../../storage/where.ts';
import type { LoadedType } from '../types/sensor-type.ts';
import { countScored, type Moments, mergeRollups, momentsOf } from './rollups/rollup.ts';
import { findSelectedKeys, selectSegments, toCountedAnswer, toRange } from './select-segments.ts';
import { planWindow } from './window-plan.ts';

export async function findStats(pool: Pool, type: LoadedType, query: TimeWindowQuery): Promise<Stats> {
  const window = toRange(query);
  const { plan, parts } = await selectSegments(pool, {
    type,
    keys: await findSelectedKeys(pool, type.id, query),
    toPlan: (horizons) => planWindow(window, horizons),
  });
  const rollup = mergeRollups(parts.map((part) => part.rollup));
  const { count, anomalies } = rollup;
  const scored = countScored(rollup);
  const counted = toCountedAnswer(window, plan.counted);
  const answer = { type: type.name, ...toWindowAnswer(query), ...counted, count, anomalies };
  if (count === 0) return { ...answer, anomaly_rate: null, features: null };
  const features = type.featureNames.map((name, place) => [name, toFeatureStats(momentsOf(rollup, place))]);
  return {
    ...answer,
    anomaly_rate: scored === 0 ? null : anomalies / scored,
    features: Object.fromEntries(features),
  };
}

function toFeatureStats({ count, mean, deviations, min, max }: Moments): FeatureStats | null {
  if (count === 0) return null;
  return { count, min, max, mean, std: Math.sqrt(Math.max(0, deviations) / count) };
}
