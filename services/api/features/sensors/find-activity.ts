import { sparklinePoints } from '@sensor-sentinel/contracts';
import type { Select } from '../../storage/connection.ts';
import { fromSqlTimestamp, toSqlTime } from '../../storage/sql-values.ts';
import { type BucketRow, toBucket } from '../statistics/rollups/buckets.ts';
import { listDeltas } from '../statistics/rollups/deltas.ts';
import type { Rollup } from '../statistics/rollups/rollup.ts';
import { countScored, fromDocument, momentsOf } from '../statistics/rollups/rollup.ts';
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

interface ActivityOptions {
  /** The keys of the sensors. */
  sensors: readonly number[];
  /** The key of their type. */
  type: number;
  /** The place of a feature, whose means are the sparkline; undefined: the share of anomalies is. */
  subject: number | undefined;
  now: Date;
}

/** The activity of each sensor, by key. Read from rollups, so the cost does not depend on the number of readings. */
export async function findActivity(select: Select, options: ActivityOptions): Promise<Map<number, Activity>> {
  const { sensors, subject, now } = options;
  const minutes = new Map(sensors.map((sensor) => [sensor, [] as Minute[]]));
  for (const { sensor, ...minute } of await listMinutes(select, options)) minutes.get(sensor)?.push(minute);
  return new Map([...minutes].map(([sensor, ofSensor]) => [sensor, toActivity(ofSensor, { subject, now })]));
}

interface Minute {
  startMs: number;
  rollup: Rollup;
}

/** The minutes of the last hour. A minute may be in several parts. */
async function listMinutes(
  select: Select,
  { type, sensors, now }: ActivityOptions,
): Promise<(Minute & { sensor: number })[]> {
  if (sensors.length === 0) return [];
  const sinceMs = toSinceMs(now);
  const sql = `SELECT type, sensor, bucket, rollup FROM rollups_minute
    WHERE type = ? AND sensor IN (?) AND bucket >= ? AND bucket <= ?`;
  const rows = await select<BucketRow>({
    sql,
    values: [type, sensors, toSqlTime(sinceMs), toSqlTime(now.getTime())],
  });
  const wanted = new Set(sensors);
  const pending = (await listDeltas(select))
    .flatMap((delta) => delta.sensors)
    .filter(({ sensor }) => wanted.has(sensor))
    .flatMap(({ sensor, minutes }) =>
      minutes.map(({ bucket, rollup }) => ({ sensor, bucket, rollup: fromDocument(rollup) })),
    );
  return [...rows.map(toBucket), ...pending]
    .map(({ sensor, bucket, rollup }) => ({ sensor, startMs: Date.parse(fromSqlTimestamp(bucket)), rollup }))
    .filter(({ startMs }) => startMs >= sinceMs && startMs <= now.getTime());
}

function toActivity(
  minutes: readonly Minute[],
  { subject, now }: Pick<ActivityOptions, 'subject' | 'now'>,
): Activity {
  const weights = Array<number>(sparklinePoints).fill(0);
  const amounts = Array<number>(sparklinePoints).fill(0);
  const sums = { count: 0, anomalies: 0, recent: 0 };
  for (const { startMs, rollup } of minutes) {
    const { count, anomalies } = rollup;
    const step = Math.floor((startMs - toSinceMs(now)) / sparklineStepMs);
    const { weight, amount } = weigh(rollup, subject);
    weights[step] = (weights[step] ?? 0) + weight;
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
    sparkline: weights.map((weight, step) => (weight === 0 ? null : (amounts[step] ?? 0) / weight)),
  };
}

/** What a minute adds to a mean: the values of a feature, or the anomalies among the scored readings. */
function weigh(rollup: Rollup, subject: number | undefined) {
  if (subject === undefined) return { weight: countScored(rollup), amount: rollup.anomalies };
  const { count, mean } = momentsOf(rollup, subject);
  return { weight: count, amount: count * mean };
}
