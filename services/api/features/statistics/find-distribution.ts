import type { Distribution, TimeWindowQuery } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { type Condition, toWindowAnswer } from '../../storage/where.ts';
import { binColumns, rollupBins } from './rollups/rollup.ts';
import { selectSegments, tables, toCountedAnswer, toRange, toSegmentWhere } from './select-segments.ts';
import { planWindow, type Segment } from './window-plan.ts';

type PartRow = Record<'count' | 'anomalies', number> & Record<string, number>;

export async function findDistribution(pool: Pool, query: TimeWindowQuery): Promise<Distribution> {
  const window = toRange(query);
  const { plan, rows } = await selectSegments<PartRow>(pool, {
    toPlan: (horizons) => planWindow(window, horizons),
    toSelect: (segment) => toSelect(segment, query.sensor_id),
  });
  const sumOf = (column: string) => rows.reduce((sum, row) => sum + (row[column] ?? 0), 0);
  const [count, anomalies] = [sumOf('count'), sumOf('anomalies')];
  return {
    ...toWindowAnswer(query),
    ...toCountedAnswer(window, plan.counted),
    count,
    predictions: { 0: count - anomalies, 1: anomalies },
    score_histogram: binColumns.map((column, index) => ({
      from: index / rollupBins,
      to: (index + 1) / rollupBins,
      count: sumOf(column),
    })),
  };
}

const sumsOfReadings = toSums(
  binColumns.map((column, bin) => `CAST(SUM(IF(bin = ${bin}, count, 0)) AS DOUBLE) AS ${column}`),
);
const sumsOfRollups = toSums(binColumns.map((column) => `CAST(SUM(${column}) AS DOUBLE) AS ${column}`));

function toSelect(segment: Segment, sensors: readonly string[] | undefined): Condition {
  const where = toSegmentWhere(segment, sensors);
  const from = `FROM ${tables[segment.level]} ${where.sql}`;
  if (segment.level !== 'reading') return { sql: `SELECT ${sumsOfRollups} ${from}`, values: where.values };
  const bin = `LEAST(FLOOR(score * ${rollupBins}), ${rollupBins - 1})`;
  const byBin = `SELECT ${bin} AS bin, COUNT(*) AS count, SUM(prediction) AS anomalies ${from} GROUP BY 1`;
  return { sql: `SELECT ${sumsOfReadings} FROM (${byBin}) AS by_bin`, values: where.values };
}

function toSums(binSums: readonly string[]): string {
  const sums = ['count', 'anomalies'].map((column) => `CAST(SUM(${column}) AS DOUBLE) AS ${column}`);
  return [...sums, ...binSums].join(', ');
}
