import type { Activation, FeatureValues } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { forEachYielding } from '../../http/work-limit.ts';
import { selectRows } from '../../storage/connection.ts';
import type { ServedModel } from './served-model.ts';

export type Gate = Activation['gate'];

/** The features of a stored reading and its stored prediction. */
export type PredictedReading = FeatureValues & { prediction: 0 | 1 };

/** Scores stored readings with the model and counts changed predictions. Passes if their share is at most `maxChanged`. */
export async function evaluateGate(
  { score }: Pick<ServedModel, 'score'>,
  readings: readonly PredictedReading[],
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

/** The last `count` stored readings, newest first. @throws StorageError */
export async function listLastReadings(pool: Pool, count: number): Promise<PredictedReading[]> {
  if (count === 0) return [];
  const sql =
    'SELECT temperature, humidity, sound_volume, prediction FROM readings ORDER BY seq DESC LIMIT ?';
  return selectRows<PredictedReading>(pool, { sql, values: [count] });
}
