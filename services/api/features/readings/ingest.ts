import { randomFillSync } from 'node:crypto';
import {
  defaultSensorId,
  describeValue,
  type FieldError,
  namesFeature,
  type Prediction,
  type ReadingInput,
  sensorIdSchema,
} from '@sensor-sentinel/contracts';
import { v7 as uuidv7 } from 'uuid';
import { toFieldErrors } from '../../http/parse-request.ts';
import type { WorkLimit } from '../../http/work-limit.ts';
import type { StorageKeys } from '../../storage/keys.ts';
import { toSensorName } from '../../storage/keys.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import type { ModelsInUse } from '../models/models-in-use.ts';
import { describeNoModel } from '../models/no-model.ts';
import type { BoundModel } from '../models/served-model.ts';
import type { Ledger } from '../sensors/ledger.ts';
import { type LoadedType, toValues, type Values } from '../types/sensor-type.ts';
import { describeUnknownType, type TypeRegistry } from '../types/type-registry.ts';
import type { GroupCommit } from './group-commit.ts';
import type { Reading, ScoredReading } from './reading-row.ts';

const maxClockAheadMs = 24 * 3600 * 1000;

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

/** A valid reading with its values in the order of its type, and the model that will score it. */
export interface ValidReading {
  type: LoadedType;
  id: string | undefined;
  sensorId: string;
  timestamp: string | undefined;
  values: Values;
  /** Undefined if the type has no model. */
  model: BoundModel | undefined;
}

/** A valid reading, or the errors of an invalid one. */
export type CheckedReading =
  | { input: ValidReading; errors?: never }
  | { input?: never; errors: FieldError[] };

/** The response to one row of an array or stream. */
export type RowAnswer =
  | (Prediction & { duplicate?: true; replayed?: true; errors?: never })
  | { errors: FieldError[]; duplicate?: never; replayed?: never };

export function toPrediction(reading: Reading): Prediction {
  const { type, prediction, score, id, sensor_id, timestamp, model } = reading;
  const note = model === null ? { note: describeNoModel(type) } : undefined;
  return { prediction, score, id, sensor_id, type: type.name, timestamp, model, ...note };
}

/**
 * Validates rows, and counts invalid ones in the ledger. The types are read again if a row names a type or a feature that is
 * not known: another replica may just have added it.
 * @throws ApiError if a model should be active and is not; StorageError
 */
export async function checkRows(
  bodies: readonly unknown[],
  options: PredictOptions,
): Promise<CheckedReading[]> {
  const now = options.now();
  let checked = bodies.map((body) => checkReading(body, options, now));
  if (checked.some(({ isOutdated }) => isOutdated)) {
    await options.types.refresh();
    checked = bodies.map((body) => checkReading(body, options, now));
  }
  for (const [index, { errors }] of checked.entries()) {
    if (errors === undefined) continue;
    const { type, sensorId } = readSensor(bodies[index], options.types);
    options.ledger?.addOutcome({
      sensor: type && sensorId && toSensorName(type.id, sensorId),
      outcome: 'rejected',
    });
  }
  return checked;
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

/** `isOutdated`: the errors may be gone when the types are read again. */
type CheckResult = CheckedReading & { isOutdated?: boolean };

/** Validates one reading of a request. `now` bounds its timestamp. */
function checkReading(
  body: unknown,
  { types, inUse }: Pick<PredictOptions, 'types' | 'inUse'>,
  now: Date,
): CheckResult {
  const typeName = readTypeName(body);
  const type = types.find(typeName);
  if (type === undefined) {
    const known = types.list().map(({ name }) => name);
    const message = describeUnknownType(typeName ?? types.defaultName, known);
    return { errors: [{ path: 'type', message }], isOutdated: true };
  }
  const parsed = type.readingSchema.safeParse(body);
  if (!parsed.success) {
    const isOutdated = parsed.error.issues.some(({ code }) => code === 'unrecognized_keys');
    return { errors: toFieldErrors(parsed.error), isOutdated };
  }
  const { id, sensor_id: sensorId, timestamp } = parsed.data;
  const model = inUse.serving(type);
  const values = toValues(type, parsed.data);
  const errors = [...findMissing(type, values, model), ...findClockFault(parsed.data, now)];
  if (errors.length > 0) return { errors };
  return { input: { type, id, sensorId, timestamp, values, model } };
}

function readTypeName(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('type' in body)) return undefined;
  return typeof body.type === 'string' ? body.type : undefined; // the schema reports any other value
}

/** Values may be missing where the model accepts it, or where there is no model; but not all of them. */
function findMissing(type: LoadedType, values: Values, model: BoundModel | undefined): FieldError[] {
  if (!values.includes(null)) return [];
  if (values.every((value) => value === null))
    return [{ path: '', message: `expected a value for at least one of ${type.featureNames.join(', ')}` }];
  if (model === undefined || model.acceptsMissing) return [];
  return type.features
    .filter((_, place) => values[place] === null)
    .map((feature) => ({ path: feature.name, message: `expected ${describeValue(feature)}` }));
}

function findClockFault({ timestamp }: ReadingInput, now: Date): FieldError[] {
  if (timestamp === undefined || Date.parse(timestamp) <= now.getTime() + maxClockAheadMs) return [];
  const message = `expected at most 24 hours after the current time (${now.toISOString()}): check the sensor's clock`;
  return [{ path: 'timestamp', message }];
}

/** Whether a body has a field named like a feature of its type, valid or not. */
export function hasFeature(body: unknown, { types }: Pick<PredictOptions, 'types'>): boolean {
  const type = types.find(readTypeName(body)) ?? types.find();
  return type !== undefined && namesFeature(body, type);
}

/** The type and sensor of an invalid reading; undefined where it names no valid one. */
function readSensor(
  body: unknown,
  types: TypeRegistry,
): { type?: LoadedType | undefined; sensorId?: string | undefined } {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return {};
  const type = types.find(readTypeName(body));
  if (!('sensor_id' in body)) return { type, sensorId: defaultSensorId };
  return { type, sensorId: sensorIdSchema.safeParse(body.sensor_id).data };
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
    if (sensor === undefined) throw new Error(`the sensor has no key: ${names[index]}`);
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
