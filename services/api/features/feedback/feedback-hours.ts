import type { Statement } from '../../storage/connection.ts';
import { allSensors, comparePrimaryKeys, toHour } from '../statistics/rollups/rollup.ts';
import { type Confusion, confusionNames, noConfusion, toCell } from './confusion.ts';

type Label = 0 | 1;

/** Consecutive requests write to different shards, so that they do not wait for each other's row locks. */
export const feedbackShards = 8;

/** A reading whose label is set, changed or deleted. */
export interface LabelChange {
  sensor_id: string;
  /** As in SQL. */
  timestamp: string;
  prediction: Label;
  /** Undefined if the label is deleted. */
  label: Label | undefined;
  /** Undefined if the reading had no label. */
  previous: Label | undefined;
}

/** The changes to the counts of one sensor, or of all sensors, in one hour. */
interface HourChange extends Confusion {
  sensor_id: string;
  bucket: string;
}

/** Sums the changes by hour, for each sensor and for all sensors together, in order of the primary key. */
export function toHourChanges(changes: readonly LabelChange[]): HourChange[] {
  const hours = new Map<string, HourChange>();
  for (const { timestamp, prediction, label, previous, ...reading } of changes) {
    const bucket = toHour(timestamp);
    for (const sensor_id of [reading.sensor_id, allSensors]) {
      const key = `${bucket} ${sensor_id}`;
      const hour = hours.get(key) ?? { ...noConfusion, sensor_id, bucket };
      hours.set(key, hour);
      if (label !== undefined) hour[toCell({ prediction, label })] += 1;
      if (previous !== undefined) hour[toCell({ prediction, label: previous })] -= 1;
    }
  }
  return [...hours.values()]
    .filter((hour) => confusionNames.some((name) => hour[name] !== 0))
    .sort(comparePrimaryKeys);
}

const sums = confusionNames.map((name) => `${name} = ${name} + VALUES(${name})`).join(', ');

/** Adds the changes to the rows of the shard. */
export function toHourStatement(hours: readonly HourChange[], shard: number): Statement {
  const rows = hours.map((hour) => [
    hour.sensor_id,
    hour.bucket,
    shard,
    ...confusionNames.map((name) => hour[name]),
  ]);
  const sql = `INSERT INTO truths_hour (sensor_id, bucket, shard, ${confusionNames.join(', ')}) VALUES ?
    ON DUPLICATE KEY UPDATE ${sums}`;
  return { sql, values: [rows] };
}
