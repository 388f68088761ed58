import type { Accuracy } from '@sensor-sentinel/contracts';
import type { Statement } from '../../storage/connection.ts';
import { allSensors } from '../../storage/keys.ts';
import { toHour } from '../statistics/rollups/rollup.ts';

/** Counts of predictions by label. Anomaly is the positive class. */
export type Confusion = Accuracy['confusion'];

type Label = 0 | 1;

export const confusionNames = ['true_negative', 'false_positive', 'false_negative', 'true_positive'] as const;

/** SQL conditions on rows of feedback. */
export const cellConditions: Record<keyof Confusion, string> = {
  true_negative: 'prediction = 0 AND label = 0',
  false_positive: 'prediction = 1 AND label = 0',
  false_negative: 'prediction = 0 AND label = 1',
  true_positive: 'prediction = 1 AND label = 1',
};

export const noConfusion: Confusion = {
  true_negative: 0,
  false_positive: 0,
  false_negative: 0,
  true_positive: 0,
};

function toCell({ prediction, label }: { prediction: Label; label: Label }): keyof Confusion {
  if (prediction === 0) return label === 0 ? 'true_negative' : 'false_negative';
  return label === 0 ? 'false_positive' : 'true_positive';
}

/** The confusion with one more prediction. */
export function addPrediction(
  confusion: Confusion,
  predicted: { prediction: Label; label: Label },
): Confusion {
  const cell = toCell(predicted);
  return { ...confusion, [cell]: confusion[cell] + 1 };
}

export function addConfusion(a: Confusion, b: Confusion): Confusion {
  return {
    true_negative: a.true_negative + b.true_negative,
    false_positive: a.false_positive + b.false_positive,
    false_negative: a.false_negative + b.false_negative,
    true_positive: a.true_positive + b.true_positive,
  };
}

export function countLabeled(confusion: Confusion): number {
  return confusionNames.reduce((sum, name) => sum + confusion[name], 0);
}

/** Null where the divisor is 0. */
export function toFigures(confusion: Confusion) {
  const { true_negative: tn, false_positive: fp, false_negative: fn, true_positive: tp } = confusion;
  return {
    accuracy: toShare(tn + tp, tn + fp + fn + tp),
    precision: toShare(tp, tp + fp),
    recall: toShare(tp, tp + fn),
    f1: toShare(2 * tp, 2 * tp + fp + fn),
  };
}

function toShare(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** Consecutive requests write to different shards, so that they do not wait for each other's row locks. */
export const feedbackShards = 8;

/** A reading whose label is set, changed or deleted. */
export interface LabelChange {
  /** The key of the type. */
  type: number;
  /** The key of the sensor. */
  sensor: number;
  /** As in SQL. */
  timestamp: string;
  /** Null for a reading that no model has scored, which is not counted. */
  prediction: Label | null;
  /** Undefined if the label is deleted. */
  label: Label | undefined;
  /** Undefined if the reading had no label. */
  previous: Label | undefined;
}

/** The changes to the counts of one sensor, or of all sensors, in one hour. */
interface HourChange extends Confusion {
  type: number;
  sensor: number;
  bucket: string;
}

/** Sums the changes by hour, for each sensor and for all sensors together, in order of the primary key. */
function toHourChanges(changes: readonly LabelChange[]): HourChange[] {
  const hours = new Map<string, HourChange>();
  for (const { type, timestamp, prediction, label, previous, ...reading } of changes) {
    if (prediction === null) continue;
    const bucket = toHour(timestamp);
    for (const sensor of [reading.sensor, allSensors]) {
      const key = `${type} ${bucket} ${sensor}`;
      const hour = hours.get(key) ?? { ...noConfusion, type, sensor, bucket };
      hours.set(key, hour);
      if (label !== undefined) hour[toCell({ prediction, label })] += 1;
      if (previous !== undefined) hour[toCell({ prediction, label: previous })] -= 1;
    }
  }
  return [...hours.values()]
    .filter((hour) => confusionNames.some((name) => hour[name] !== 0))
    .sort((a, b) => a.type - b.type || a.sensor - b.sensor || (a.bucket < b.bucket ? -1 : 1));
}

const sums = confusionNames.map((name) => `${name} = ${name} + VALUES(${name})`).join(', ');

/** Adds the changes to the rows of the shard; undefined if no count changes. */
export function toHourStatement(changes: readonly LabelChange[], shard: number): Statement | undefined {
  const rows = toHourChanges(changes).map((hour) => [
    hour.type,
    hour.sensor,
    hour.bucket,
    shard,
    ...confusionNames.map((name) => hour[name]),
  ]);
  if (rows.length === 0) return undefined;
  const sql = `INSERT INTO feedback_hour (type, sensor, bucket, shard, ${confusionNames.join(', ')}) VALUES ?
    ON DUPLICATE KEY UPDATE ${sums}`;
  return { sql, values: [rows] };
}
