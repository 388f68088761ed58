import type { FieldError, Prediction, StoredReading } from '@sensor-sentinel/contracts';
import type { WorkLimit } from '../../http/work-limit.ts';
import type { ModelInUse } from '../models/model-in-use.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import type { Ledger } from '../sensors/ledger.ts';
import { type CheckedReading, checkReading, readSensorId } from './check-reading.ts';
import type { Ingest, Ingested } from './ingest.ts';

export interface PredictOptions {
  ingest: Ingest;
  inUse: ModelInUse;
  registry: ModelRegistry;
  ledger?: Pick<Ledger, 'addOutcome'> | undefined;
  now: () => Date;
  maxBodyBytes: number;
  maxBatchReadings: number;
  maxLineBytes: number;
  /** Of a compressed stream, after decompression. */
  maxDecodedBytes: number;
  /** Explanations and votes, which take longer than everything else that is done for one reading. */
  explaining: WorkLimit;
  /** Aborted once the process is to end: streams then end with what they have. */
  stopping: AbortSignal;
}

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

export function checkRow(body: unknown, { now, ledger }: PredictOptions): CheckedReading {
  const checked = checkReading(body, now());
  if (checked.errors) ledger?.addOutcome({ sensorId: readSensorId(body), outcome: 'rejected' });
  return checked;
}

/** Tells the ledger what is answered without having been stored. */
export function countOutcome({ stored, outcome }: Ingested, { ledger }: PredictOptions): void {
  if (outcome !== 'stored') ledger?.addOutcome({ sensorId: stored.sensor_id, outcome });
}

/** Stores what is valid and answers each row, in their order. */
export async function ingestRows(
  rows: readonly CheckedReading[],
  options: PredictOptions,
): Promise<RowAnswer[]> {
  const inputs = rows.flatMap(({ input }) => (input ? [input] : []));
  const ingested = inputs.length === 0 ? [] : await options.ingest(inputs, options.inUse.serving().score);
  let next = 0;
  return rows.map(({ errors }) => {
    if (errors) return { errors };
    const outcome = ingested[next++];
    if (!outcome) throw new Error('fewer outcomes than rows that were ingested');
    countOutcome(outcome, options);
    return toRowAnswer(outcome);
  });
}

function toRowAnswer(ingested: Ingested): RowAnswer {
  const { stored, outcome } = ingested;
  if (outcome === 'conflict') return { errors: [{ path: 'id', message: conflictMessage }] };
  const prediction = toPrediction(stored);
  return outcome === 'replayed' ? { ...prediction, replayed: true } : prediction;
}
