import {
  defaultSensorId,
  describeValue,
  type FieldError,
  namesFeature,
  type ReadingInput,
  sensorIdSchema,
} from '@sensor-sentinel/contracts';
import { toFieldErrors } from '../../http/parse-request.ts';
import { toSensorName } from '../../storage/keys.ts';
import type { ModelsInUse } from '../models/models-in-use.ts';
import type { BoundModel } from '../models/served-model.ts';
import type { Ledger } from '../sensors/ledger.ts';
import { type LoadedType, toValues, type Values } from '../types/sensor-type.ts';
import { describeUnknownType, type TypeRegistry } from '../types/type-registry.ts';

const maxClockAheadMs = 24 * 3600 * 1000;

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

interface CheckOptions {
  types: TypeRegistry;
  inUse: ModelsInUse;
  ledger?: Pick<Ledger, 'addOutcome'> | undefined;
  now: () => Date;
}

/**
 * Validates rows, and counts invalid ones in the ledger. The types are read again if a row names a type or a feature that is
 * not known: another replica may just have added it.
 * @throws ApiError if a model should be active and is not; StorageError
 */
export async function checkRows(
  bodies: readonly unknown[],
  options: CheckOptions,
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

/** `isOutdated`: the errors may be gone when the types are read again. */
type CheckResult = CheckedReading & { isOutdated?: boolean };

/** Validates one reading of a request. `now` bounds its timestamp. */
function checkReading(
  body: unknown,
  { types, inUse }: Pick<CheckOptions, 'types' | 'inUse'>,
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
  const errors = [...findMissing(type, parsed.data, model), ...findClockFault(parsed.data, now)];
  if (errors.length > 0) return { errors };
  return { input: { type, id, sensorId, timestamp, values, model } };
}

function readTypeName(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('type' in body)) return undefined;
  return typeof body.type === 'string' ? body.type : undefined; // the schema reports any other value
}

/** Values may be missing where the model accepts it, or where there is no model; but not all of them. */
function findMissing(type: LoadedType, reading: ReadingInput, model: BoundModel | undefined): FieldError[] {
  const missing = type.features.filter(({ name }) => (reading[name] ?? null) === null);
  if (missing.length === 0) return [];
  if (missing.length === type.features.length)
    return [{ path: '', message: `expected a value for at least one of ${type.featureNames.join(', ')}` }];
  if (model === undefined || model.acceptsMissing) return [];
  return missing.map((feature) => {
    const message = reading[feature.name] === null ? `expected ${describeValue(feature)}` : 'required';
    return { path: feature.name, message };
  });
}

function findClockFault({ timestamp }: ReadingInput, now: Date): FieldError[] {
  if (timestamp === undefined || Date.parse(timestamp) <= now.getTime() + maxClockAheadMs) return [];
  const message = `expected at most 24 hours after the current time (${now.toISOString()}): check the sensor's clock`;
  return [{ path: 'timestamp', message }];
}

/** Whether a body has a field named like a feature of its type, valid or not. */
export function hasFeature(body: unknown, { types }: Pick<CheckOptions, 'types'>): boolean {
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
