import type { Distribution, TimeWindowQuery } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { toWindowAnswer } from '../../storage/where.ts';
import type { LoadedType } from '../types/sensor-type.ts';
import { countScored, mergeRollups, rollupBins } from './rollups/rollup.ts';
import { findSelectedKeys, selectSegments, toCountedAnswer, toRange } from './select-segments.ts';
import { planWindow } from './window-plan.ts';

export async function findDistribution(
  pool: Pool,
  type: LoadedType,
  query: TimeWindowQuery,
): Promise<Distribution> {
  const window = toRange(query);
  const { plan, parts } = await selectSegments(pool, {
    type,
    keys: await findSelectedKeys(pool, type.id, query),
    toPlan: (horizons) => planWindow(window, horizons),
  });
  const rollup = mergeRollups(parts.map((part) => part.rollup));
  const { count, anomalies, bins } = rollup;
  const scored = countScored(rollup);
  return {
    type: type.name,
    ...toWindowAnswer(query),
    ...toCountedAnswer(window, plan.counted),
    count,
    predictions: { 0: scored - anomalies, 1: anomalies },
    unscored: count - scored,
    score_histogram: bins.map((scores, index) => ({
      from: index / rollupBins,
      to: (index + 1) / rollupBins,
      count: scores,
    })),
  };
}
