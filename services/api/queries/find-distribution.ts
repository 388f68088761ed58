import type { Distribution, TimeWindowQuery } from '@sensor-sentinel/contracts';
import type { CallbackPool } from '../storage/pool.ts';
import { selectRows } from '../storage/run-query.ts';
import { toWhere, toWindowAnswer, windowConditions } from './where.ts';

interface BinRow {
  prediction: 0 | 1;
  bin: number;
  count: number;
}

const bins = 20;

function countOf(rows: readonly BinRow[], isCounted: (row: BinRow) => boolean): number {
  return rows.filter(isCounted).reduce((sum, { count }) => sum + count, 0);
}

export async function findDistribution(pool: CallbackPool, query: TimeWindowQuery): Promise<Distribution> {
  const where = toWhere(windowConditions(query));
  const sql = `SELECT prediction, CAST(LEAST(FLOOR(score * ${bins}), ${bins - 1}) AS DOUBLE) AS bin, COUNT(*) AS count
    FROM readings ${where.sql} GROUP BY 1, 2`;
  const rows = await selectRows<BinRow>(pool, { sql, values: where.values });
  return {
    ...toWindowAnswer(query),
    count: countOf(rows, () => true),
    predictions: {
      0: countOf(rows, ({ prediction }) => prediction === 0),
      1: countOf(rows, ({ prediction }) => prediction === 1),
    },
    score_histogram: Array.from({ length: bins }, (_, index) => ({
      from: index / bins,
      to: (index + 1) / bins,
      count: countOf(rows, ({ bin }) => bin === index),
    })),
  };
}
