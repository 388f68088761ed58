import { type SparklineSubject, sparklinePoints } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { selectRows } from '../../storage/connection.ts';
import { toSqlTimestamp } from '../../storage/sql-values.ts';
import { minuteMs } from '../statistics/window-plan.ts';

export const sparklineStepMs = 2 * minuteMs;
/** The rate is that of the last steps: the minute that runs, and five before it. */
const rateSteps = 3;

/** What a sensor has sent of late. */
export interface Activity {
  count: number;
  anomalies: number;
  rate_per_minute: number;
  sparkline: (number | null)[];
}

/** Whole minutes, the one that runs among them: the hour up to its end. */
export function toSinceMs(now: Date): number {
  return Math.floor(now.getTime() / minuteMs) * minuteMs + minuteMs - sparklinePoints * sparklineStepMs;
}

interface StepRow {
  sensor_id: string;
  step: number;
  count: number;
  anomalies: number;
  /** The sum of the feature that the sparkline is of. */
  amount?: number;
}

interface ActivityOptions {
  sensorIds: readonly string[];
  subject: SparklineSubject;
  now: Date;
}

/** Of each of these sensors, by name; from rollups, whatever the number of readings. */
export async function findActivity(pool: Pool, options: ActivityOptions): Promise<Map<string, Activity>> {
  const rows = options.sensorIds.length === 0 ? [] : await selectSteps(pool, options);
  const steps = new Map(options.sensorIds.map((name) => [name, [] as StepRow[]]));
  for (const row of rows) steps.get(row.sensor_id)?.push(row);
  return new Map([...steps].map(([name, ofSensor]) => [name, toActivity(ofSensor, options.now)]));
}

/** Minutes, and what waits to be folded into them, in one statement: it sees each reading once. */
function selectSteps(pool: Pool, options: ActivityOptions): Promise<StepRow[]> {
  const { sensorIds, subject, now } = options;
  const amount = subject === 'anomaly_rate' ? '' : `, SUM(count * ${subject}_mean) AS amount`;
  // Integers are added up as DECIMAL, which takes longer than the reading of the rows.
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
