import { z } from 'zod';
import {
  defaultSensorId,
  flagFromQuery,
  idSchema,
  numberFromQuery,
  sensorIdSchema,
  timestampSchema,
} from './scalars.ts';
import { type Feature, type SensorType, typeNameSchema } from './sensor-types.ts';

/** The values of features by name; null where a value is missing. */
export type FeatureValues = Readonly<Record<string, number | null>>;

/** The fields of a reading in the body of `POST /predict` beside its features. `id` is the idempotency key. */
const readingShape = {
  id: idSchema.optional(),
  type: typeNameSchema.optional(),
  sensor_id: sensorIdSchema.default(defaultSensorId),
  timestamp: timestampSchema.optional(),
};

/** The fields of a valid reading; its features are further properties. */
export interface ReadingInput {
  id?: string | undefined;
  type?: string | undefined;
  sensor_id: string;
  timestamp?: string | undefined;
  [feature: string]: unknown;
}

/** Accepts one reading of a type in the body of `POST /predict`. A value may be null, or be left out, if it is missing. */
export function createReadingSchema({ name, features }: SensorType): z.ZodType<ReadingInput> {
  const shape = features.map((feature) => [feature.name, toValueSchema(feature).nullish()] as const);
  const names = features.map((feature) => feature.name).join(', ');
  return z.strictObject(
    { ...Object.fromEntries(shape), ...readingShape },
    {
      error: ({ code }) =>
        code === 'unrecognized_keys' ? `unknown field: the type ${name} has ${names}` : undefined,
    },
  );
}

/** What a value of the feature must be: `a number from 0 to 100 %`. */
export function describeValue({ min, max, unit }: Feature): string {
  const suffix = unit === '' ? '' : ` ${unit}`;
  if (min !== null && max !== null) return `a number from ${min} to ${max}${suffix}`;
  if (min !== null) return `a number of at least ${min}${suffix}`;
  return max === null ? 'a number' : `a number of at most ${max}${suffix}`;
}

function toValueSchema(feature: Feature) {
  const error = `expected ${describeValue(feature)}`;
  const { min, max } = feature;
  return z
    .number({ error })
    .min(min ?? -Number.MAX_VALUE, error)
    .max(max ?? Number.MAX_VALUE, error);
}

/** Whether a body has a field that a reading of the type could have only as a feature. */
export function namesFeature(body: unknown, { features }: SensorType): boolean {
  if (typeof body !== 'object' || body === null) return false;
  return features.some(({ name }) => Object.hasOwn(body, name));
}

const extrasShape = {
  /** Adds the explanation of the score. */
  explain: flagFromQuery,
  /** Adds the prediction of every loaded model. */
  votes: flagFromQuery,
};

/** The query of `POST /predict`: optional parts of the response, for a single reading only. */
export const extrasQuerySchema = z.strictObject(extrasShape);
export type ExtrasQuery = z.infer<typeof extrasQuerySchema>;

/** The query of `GET /predict`: the extras, and the features of a type as further properties. */
export type PredictQuery = ExtrasQuery & Record<string, unknown>;

export function createPredictQuerySchema({ features }: SensorType): z.ZodType<PredictQuery> {
  const values = features.map(
    (feature) => [feature.name, numberFromQuery.pipe(toValueSchema(feature))] as const,
  );
  return z.strictObject({
    ...Object.fromEntries(values),
    ...extrasShape,
    type: typeNameSchema.optional(),
  }) as z.ZodType<PredictQuery>; // zod does not infer the properties of a shape made at run time
}

export const maxBatchLength = 1000;
