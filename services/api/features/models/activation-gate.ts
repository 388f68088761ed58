import type { Activation, FeatureValues } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { forEachYielding } from '../../http/work-limit.ts';
import { selectRows } from '../../storage/connection.ts';
import type { ServedModel } from './served-model.ts';

export type Gate = Activation['gate'];

/** What was measured, and the label that was stored with it. */
export type LabeledReading = FeatureValues & { prediction: 0 | 1 };

/** How many labels of stored readings the model would change; no more than `maxChanged` of them may. */
export async function evaluateGate(
  { score }: Pick<ServedModel, 'score'>,
  readings: readonly LabeledReading[],
  maxChanged: number,
): Promise<Gate> {
  let toAnomaly = 0;
  let toNormal = 0;
  await forEachYielding(readings.length, (row) => {
    const reading = readings[row];
    if (reading === undefined) return;
    const { prediction } = score(reading);
    if (prediction > reading.prediction) toAnomaly += 1;
    if (prediction < reading.prediction) toNormal += 1;
  });
  const changed = toAnomaly + toNormal;
  const changedShare = readings.length === 0 ? 0 : changed / readings.length;
  return {
    readings: readings.length,
    changed,
    to_anomaly: toAnomaly,
    to_normal: toNormal,
    changed_share: changedShare,
    max_changed: maxChanged,
    passed: changedShare <= maxChanged,
  };
}

/** The readings that were stored last, newest first. */
export async function listLastReadings(pool: Pool, count: number): Promise<LabeledReading[]> {
  if (count === 0) return [];
  const sql =
    'SELECT temperature, humidity, sound_volume, prediction FROM readings ORDER BY seq DESC LIMIT ?';
  return selectRows<LabeledReading>(pool, { sql, values: [count] });
}
