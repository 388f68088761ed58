import type { Distribution, TimeWindowQuery } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { toWindowAnswer } from '../../storage/where.ts';
import { mergeRollups, rollupBins } from './rollups/rollup.ts';
import { findSensorKeys, selectSegments, toCountedAnswer, toRange } from './select-segments.ts';
import { planWindow } from './window-plan.ts';

export async function findDistribution(pool: Pool, query: TimeWindowQuery): Promise<Distribution> {
  const window = toRange(query);
  const { plan, parts } = await selectSegments(pool, {
    keys: await findSensorKeys(pool, query),
    toPlan: (horizons) => planWindow(window, horizons),
  });
  const { count, anomalies, bins } = mergeRollups(parts.map(({ rollup }) => rollup));
  return {
    ...toWindowAnswer(query),
    ...toCountedAnswer(window, plan.counted),
    count,
    predictions: { 0: count - anomalies, 1: anomalies },
    score_histogram: bins.map((scores, index) => ({
      from: index / rollupBins,
      to: (index + 1) / rollupBins,
      count: scores,
    })),
  };
}
