import { randomFillSync } from 'node:crypto';
import {
  defaultSensorId,
  type FeatureValues,
  type FieldError,
  type Prediction,
  type ReadingInput,
  readingInputSchema,
  type Scored,
  type StoredReading,
  sensorIdSchema,
} from '@sensor-sentinel/contracts';
import { v7 as uuidv7 } from 'uuid';
import { toFieldErrors } from '../../http/parse-request.ts';
import type { WorkLimit } from '../../http/work-limit.ts';
import type { ModelInUse } from '../models/model-in-use.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import type { Ledger } from '../sensors/ledger.ts';
import type { GroupCommit } from './group-commit.ts';
import type { ScoredReading } from './reading-row.ts';

const maxClockAheadMs = 24 * 3600 * 1000;

/** The dependencies and limits of `POST /predict`. */
export interface PredictOptions {
  groupCommit: GroupCommit;
  inUse: ModelInUse;
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

/** A valid reading, or the errors of an invalid one. */
export type CheckedReading =
  | { input: ReadingInput; errors?: never }
  | { input?: never; errors: FieldError[] };

/** The response to one row of an array or stream. */
export type RowAnswer =
  | (Prediction & { duplicate?: true; replayed?: true; errors?: never })
  | { errors: FieldError[]; duplicate?: never; replayed?: never };

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

/** Validates a row, and counts an invalid one in the ledger. */
export function checkRow(body: unknown, { now, ledger }: PredictOptions): CheckedReading {
  const checked = checkReading(body, now());
  if (checked.errors) ledger?.addOutcome({ sensorId: readSensorId(body), outcome: 'rejected' });
  return checked;
}

/** Counts a duplicate or a conflict in the ledger; stored readings are counted by their commit. */
export function countOutcome({ stored, outcome }: Ingested, { ledger }: PredictOptions): void {
  if (outcome !== 'stored') ledger?.addOutcome({ sensorId: stored.sensor_id, outcome });
}

/** Stores the valid rows, and resolves with one answer per row, in order. @throws ApiError `overloaded`; StorageError */
export async function ingestRows(
  rows: readonly CheckedReading[],
  options: PredictOptions,
): Promise<RowAnswer[]> {
  const { groupCommit, now, inUse } = options;
  const inputs = rows.flatMap(({ input }) => (input ? [input] : []));
  const ingested =
    inputs.length === 0
      ? []
      : await ingestReadings(inputs, { groupCommit, now, score: inUse.serving().score });
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

/** Validates one reading of a request. `now` bounds its timestamp. */
function checkReading(body: unknown, now: Date): CheckedReading {
  const parsed = readingInputSchema.safeParse(body);
  if (!parsed.success) return { errors: toFieldErrors(parsed.error) };
  const { timestamp } = parsed.data;
  const isAhead = timestamp !== undefined && Date.parse(timestamp) > now.getTime() + maxClockAheadMs;
  if (!isAhead) return { input: parsed.data };
  const message = `expected at most 24 hours after the current time (${now.toISOString()}): check the sensor's clock`;
  return { errors: [{ path: 'timestamp', message }] };
}

/** The sensor of an invalid reading; undefined if it has no valid `sensor_id`. */
export function readSensorId(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  if (!('sensor_id' in body)) return defaultSensorId;
  return sensorIdSchema.safeParse(body.sensor_id).data;
}

/** Scores the features of one reading. */
export type Score = (values: FeatureValues) => Scored;

/** The outcome of one reading. For a duplicate or conflict, `stored` is the reading that has its id. */
export interface Ingested {
  stored: StoredReading;
  outcome: 'stored' | 'duplicate' | 'conflict';
}

const bytesPerId = 16;
const idsPerFill = 512;

interface IngestOptions {
  groupCommit: GroupCommit;
  score: Score;
  now: () => Date;
}

/** Scores and commits readings. Resolves after the commit, with one outcome per reading, in order. */
export async function ingestReadings(
  inputs: readonly ReadingInput[],
  { groupCommit, score, now }: IngestOptions,
): Promise<Ingested[]> {
  const rows = inputs.map((input) => scoreReading(input, { score, now: now() }));
  const committed = await groupCommit.submit(rows);
  return inputs.map((input, index) => {
    const submitted = rows[index]?.reading;
    const stored = submitted && committed.get(submitted.id);
    if (!stored) throw new Error('the commit did not return a submitted reading');
    if (stored === submitted) return { stored, outcome: 'stored' };
    return { stored, outcome: isSameReading(input, stored) ? 'duplicate' : 'conflict' };
  });
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

function scoreReading(input: ReadingInput, { score, now }: { score: Score; now: Date }): ScoredReading {
  const { temperature, humidity, sound_volume } = input;
  const receivedAt = now.toISOString();
  const reading = {
    ...score(input),
    id: input.id ?? createId(now.getTime()),
    sensor_id: input.sensor_id,
    timestamp: input.timestamp ?? receivedAt,
    temperature,
    humidity,
    sound_volume,
  };
  return { reading, receivedAt };
}

/** Whether the input is a duplicate of the stored reading. A missing timestamp matches any. */
function isSameReading(input: ReadingInput, stored: StoredReading): boolean {
  return (
    input.sensor_id === stored.sensor_id &&
    input.temperature === stored.temperature &&
    input.humidity === stored.humidity &&
    input.sound_volume === stored.sound_volume &&
    (input.timestamp === undefined || input.timestamp === stored.timestamp)
  );
}
