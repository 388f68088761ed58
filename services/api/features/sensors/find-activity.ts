import { type SparklineSubject, sparklinePoints } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { selectRows } from '../../storage/connection.ts';
import { toSqlTimestamp } from '../../storage/sql-values.ts';
import { minuteMs } from '../statistics/window-plan.ts';

export const sparklineStepMs = 2 * minuteMs;
/** The rate covers the last steps: the current minute and the five before it. */
const rateSteps = 3;

/** The activity of a sensor in the last hour. */
export interface Activity {
  count: number;
  anomalies: number;
  rate_per_minute: number;
  sparkline: (number | null)[];
}

/** The start of the sparklines: one hour before the end of the current minute. */
export function toSinceMs(now: Date): number {
  return Math.floor(now.getTime() / minuteMs) * minuteMs + minuteMs - sparklinePoints * sparklineStepMs;
}

interface StepRow {
  sensor_id: string;
  step: number;
  count: number;
  anomalies: number;
  /** Sum of the feature shown by the sparkline; absent for the anomaly rate. */
  amount?: number;
}

interface ActivityOptions {
  sensorIds: readonly string[];
  subject: SparklineSubject;
  now: Date;
}

/** The activity of each sensor, by name. Read from rollups, so the cost does not depend on the number of readings. */
export async function findActivity(pool: Pool, options: ActivityOptions): Promise<Map<string, Activity>> {
  const rows = options.sensorIds.length === 0 ? [] : await selectSteps(pool, options);
  const steps = new Map(options.sensorIds.map((name) => [name, [] as StepRow[]]));
  for (const row of rows) steps.get(row.sensor_id)?.push(row);
  return new Map([...steps].map(([name, ofSensor]) => [name, toActivity(ofSensor, options.now)]));
}

/** Reads minute rollups and pending deltas in one statement, so that each reading is counted once. */
function selectSteps(pool: Pool, options: ActivityOptions): Promise<StepRow[]> {
  const { sensorIds, subject, now } = options;
  const amount = subject === 'anomaly_rate' ? '' : `, SUM(count * ${subject}_mean) AS amount`;
  // `+ 0e0` sums as DOUBLE: a sum of integers is a DECIMAL, which takes longer than reading the rows.
  const toSelect = (table: string) => `SELECT sensor_id,
    (TO_SECONDS(bucket) - TO_SECONDS(?)) DIV ${sparklineStepMs / 1000} AS step,
    SUM(count + 0e0) AS count, SUM(anomalies + 0e0) AS anomalies${amount}
    FROM ${table} WHERE sensor_id IN (?) AND bucket >= ? AND bucket <= ? GROUP BY 1, 2`;
  const since = toSql(toSinceMs(now));
  const values = [since, sensorIds, since, toSql(now.getTime())];
  return selectRows<StepRow>(pool, {
    sql: `${toSelect('readings_minute')} UNION ALL ${toSelect('rollup_deltas')}`,
    values: [...values, ...values],
  });
}

function toSql(timeMs: number): string {
  return toSqlTimestamp(new Date(timeMs).toISOString());
}

function toActivity(steps: readonly StepRow[], now: Date): Activity {
  const counts = Array<number>(sparklinePoints).fill(0);
  const amounts = Array<number>(sparklinePoints).fill(0);
  const sums = { count: 0, anomalies: 0, recent: 0 };
  for (const { step, count, anomalies, amount = anomalies } of steps) {
    counts[step] = (counts[step] ?? 0) + count;
    amounts[step] = (amounts[step] ?? 0) + amount;
    sums.count += count;
    sums.anomalies += anomalies;
    if (step >= sparklinePoints - rateSteps) sums.recent += count;
  }
  const recentMs = rateSteps * sparklineStepMs - minuteMs + (now.getTime() % minuteMs);
  return {
    count: sums.count,
    anomalies: sums.anomalies,
    rate_per_minute: (sums.recent * minuteMs) / recentMs,
    sparkline: counts.map((count, step) => (count === 0 ? null : (amounts[step] ?? 0) / count)),
  };
}
