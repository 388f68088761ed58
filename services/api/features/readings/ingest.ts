import { randomFillSync } from 'node:crypto';
import type { FieldError, Prediction } from '@sensor-sentinel/contracts';
import { v7 as uuidv7 } from 'uuid';
import type { WorkLimit } from '../../http/work-limit.ts';
import { StorageError } from '../../storage/database-errors.ts';
import { type StorageKeys, toSensorName } from '../../storage/keys.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import type { ModelsInUse } from '../models/models-in-use.ts';
import { describeNoModel } from '../models/no-model.ts';
import type { Ledger } from '../sensors/ledger.ts';
import type { LoadedType } from '../types/sensor-type.ts';
import type { TypeRegistry } from '../types/type-registry.ts';
import type { CheckedReading, ValidReading } from './check-readings.ts';
import type { GroupCommit } from './group-commit.ts';
import type { Reading, ScoredReading } from './reading-row.ts';

/** The dependencies and limits of `POST /predict`. */
export interface PredictOptions {
  groupCommit: GroupCommit;
  types: TypeRegistry;
  sensors: StorageKeys['sensors'];
  inUse: ModelsInUse;
  registry: ModelRegistry;
  ledger?: Pick<Ledger, 'addOutcome'> | undefined;
  now: () => Date;
  maxBodyBytes: number;
  maxBatchReadings: number;
  maxLineBytes: number;
  /** Largest size of a compressed NDJSON body after decompression. */
  maxDecodedBytes: number;
  /** Limits explanations and votes, which take much longer than scoring. */
  explaining: WorkLimit;
  /** Aborted when the process begins to stop; streams then answer the rows they have read, and end. */
  stopping: AbortSignal;
}

export const conflictMessage = 'this id belongs to another stored reading: use a new id';

/** The response to one row of an array or stream. */
export type RowAnswer =
  | (Prediction & { duplicate?: true; replayed?: true; errors?: never })
  | { errors: FieldError[]; duplicate?: never; replayed?: never };

export function toPrediction(reading: Reading): Prediction {
  const { type, prediction, score, id, sensor_id, timestamp, model } = reading;
  const note = model === null ? { note: describeNoModel(type) } : undefined;
  return { prediction, score, id, sensor_id, type: type.name, timestamp, model, ...note };
}

/** Counts a duplicate or a conflict in the ledger; stored readings are counted by their commit. */
export function countOutcome({ stored, outcome }: Ingested, { ledger }: PredictOptions): void {
  if (outcome === 'stored') return;
  ledger?.addOutcome({ sensor: toSensorName(stored.type.id, stored.sensor_id), outcome });
}

/** Stores the valid rows, and resolves with one answer per row, in order. @throws ApiError `overloaded`; StorageError */
export async function ingestRows(
  rows: readonly CheckedReading[],
  options: PredictOptions,
): Promise<RowAnswer[]> {
  const inputs = rows.flatMap(({ input }) => (input ? [input] : []));
  const ingested = inputs.length === 0 ? [] : await ingestReadings(inputs, options);
  let next = 0;
  return rows.map(({ errors }) => {
    if (errors) return { errors };
    const outcome = ingested[next++];
    if (!outcome) throw new Error('fewer outcomes than ingested rows');
    countOutcome(outcome, options);
    return toRowAnswer(outcome);
  });
}

/** `replayed` is the old name, until 1.0. */
const duplicateMark = { duplicate: true, replayed: true } as const;

function toRowAnswer(ingested: Ingested): RowAnswer {
  const { stored, outcome } = ingested;
  if (outcome === 'conflict') return { errors: [{ path: 'id', message: conflictMessage }] };
  const prediction = toPrediction(stored);
  return outcome === 'duplicate' ? { ...prediction, ...duplicateMark } : prediction;
}

/** The outcome of one reading. For a duplicate or conflict, `stored` is the reading that has its id. */
export interface Ingested {
  stored: Reading;
  outcome: 'stored' | 'duplicate' | 'conflict';
}

const bytesPerId = 16;
const idsPerFill = 512;

interface IngestOptions {
  groupCommit: GroupCommit;
  sensors: StorageKeys['sensors'];
  now: () => Date;
}

/**
 * Scores and commits readings. Resolves after the commit, with one outcome per reading, in order.
 * @throws ApiError `overloaded`; StorageError
 */
export async function ingestReadings(
  inputs: readonly ValidReading[],
  { groupCommit, sensors, now }: IngestOptions,
): Promise<Ingested[]> {
  const names = inputs.map(({ type, sensorId }) => toSensorName(type.id, sensorId));
  if (names.some((name) => sensors.known(name) === undefined)) await sensors.learn(new Set(names));
  const rows = inputs.map((input, index) => {
    const sensor = sensors.known(names[index] ?? '');
    if (sensor === undefined) throw toDeletedType(input.type);
    return scoreReading(input, { sensor, now: now() });
  });
  const committed = await groupCommit.submit(rows);
  return inputs.map((input, index) => {
    const submitted = rows[index]?.reading;
    const stored = submitted && committed.get(submitted.id);
    if (!stored) throw new Error('the commit did not return a submitted reading');
    if (stored === submitted) return { stored, outcome: 'stored' };
    return { stored, outcome: isSameReading(input, stored) ? 'duplicate' : 'conflict' };
  });
}

/** A sensor has no key if its type was deleted since the types were read. */
function toDeletedType({ name }: LoadedType): StorageError {
  const detail = `The sensor type ${name} was deleted a moment ago. Send the readings of other types again.`;
  return new StorageError('database_unavailable', detail);
}

const randomBytes = new Uint8Array(bytesPerId * idsPerFill);
let usedBytes = randomBytes.length;

/** Creates a UUID of version 7. Random bytes are drawn for 512 ids at once, which costs as much as for one. */
function createId(msecs: number): string {
  if (usedBytes === randomBytes.length) {
    randomFillSync(randomBytes);
    usedBytes = 0;
  }
  usedBytes += bytesPerId;
  return uuidv7({ msecs, random: randomBytes.subarray(usedBytes - bytesPerId, usedBytes) });
}

const unscored = { prediction: null, score: null, model: null };

function scoreReading(input: ValidReading, { sensor, now }: { sensor: number; now: Date }): ScoredReading {
  const { type, values, model } = input;
  const receivedAt = now.toISOString();
  const { prediction, score, model: modelName } = model?.score(values) ?? unscored;
  const reading = {
    prediction,
    score,
    model: modelName,
    id: input.id ?? createId(now.getTime()),
    type,
    sensor_id: input.sensorId,
    timestamp: input.timestamp ?? receivedAt,
    values,
  };
  return { reading, sensor, receivedAt };
}

/** Whether the input is a duplicate of the stored reading. A missing timestamp matches any. */
function isSameReading(input: ValidReading, stored: Reading): boolean {
  return (
    input.type.id === stored.type.id &&
    input.sensorId === stored.sensor_id &&
    input.type.featureNames.every(
      (_, place) => (input.values[place] ?? null) === (stored.values[place] ?? null),
    ) &&
    (input.timestamp === undefined || input.timestamp === stored.timestamp)
  );
}
