import type { Activation } from '@sensor-sentinel/contracts';
import { forEachRow } from './for-each-row.ts';
import type { LabelledReading } from './list-last-readings.ts';
import type { ServedModel } from './served-model.ts';

export type Gate = Activation['gate'];

/** How many labels of stored readings the model would change; no more than `maxChanged` of them may. */
export async function replayReadings(
  { score }: Pick<ServedModel, 'score'>,
  readings: readonly LabelledReading[],
  maxChanged: number,
): Promise<Gate> {
  let toAnomaly = 0;
  let toNormal = 0;
  await forEachRow(readings.length, (row) => {
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
