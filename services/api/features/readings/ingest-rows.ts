import type { FieldError, Prediction, StoredReading } from '@sensor-sentinel/contracts';
import { sensorOf } from '../sensors/sensor-of.ts';
import { type Checked, checkReading } from './check-reading.ts';
import type { Ingested } from './ingest.ts';
import type { PredictOptions } from './predict-options.ts';

export const conflictMessage = 'this id is stored already with another reading';

/** What became of one row of several: a prediction, or errors. */
export type RowAnswer =
  | (Prediction & { replayed?: true; errors?: never })
  | { errors: FieldError[]; replayed?: never };

export function toPrediction({
  prediction,
  score,
  id,
  sensor_id,
  timestamp,
  model,
}: StoredReading): Prediction {
  return { prediction, score, id, sensor_id, timestamp, model };
}

export function checkRow(body: unknown, { now, ledger }: PredictOptions): Checked {
  const checked = checkReading(body, now());
  if (checked.errors) ledger?.count({ sensorId: sensorOf(body), outcome: 'rejected' });
  return checked;
}

/** Tells the ledger what is answered without having been stored. */
export function countIngested({ stored, outcome }: Ingested, { ledger }: PredictOptions): void {
  if (outcome !== 'stored') ledger?.count({ sensorId: stored.sensor_id, outcome });
}

function toRowAnswer(ingested: Ingested): RowAnswer {
  const { stored, outcome } = ingested;
  if (outcome === 'conflict') return { errors: [{ path: 'id', message: conflictMessage }] };
  const prediction = toPrediction(stored);
  return outcome === 'replayed' ? { ...prediction, replayed: true } : prediction;
}

/** Stores what is valid and answers each row, in their order. */
export async function ingestRows(rows: readonly Checked[], options: PredictOptions): Promise<RowAnswer[]> {
  const inputs = rows.flatMap(({ input }) => (input ? [input] : []));
  const ingested = inputs.length === 0 ? [] : await options.ingest(inputs, options.inUse.serving().score);
  let next = 0;
  return rows.map(({ errors }) => {
    if (errors) return { errors };
    const outcome = ingested[next++];
    if (!outcome) throw new Error('fewer outcomes than rows that were ingested');
    countIngested(outcome, options);
    return toRowAnswer(outcome);
  });
}
