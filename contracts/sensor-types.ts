import { z } from 'zod';
import { createTitleSchema, nameSchema } from './names.ts';

/** The type of readings and queries that name none, unless DEFAULT_TYPE says otherwise. */
export const defaultTypeName = 'climate';

export const maxTypeFeatures = 64;

export const typeNameSchema = z
  .string()
  .regex(
    /^[a-z][a-z0-9_-]{0,47}$/,
    'expected 1 to 48 of the characters a–z 0–9 _ -, with a letter at the beginning',
  );

/** The type in an answer. An API before version 0.3 does not name it. */
export const answeredTypeSchema = typeNameSchema.default(defaultTypeName);

/** Fields of messages and parameters of queries. A feature with such a name could not be told from them. */
const reservedNames: ReadonlySet<string> = new Set([
  ...['id', 'type', 'sensor_id', 'timestamp', 'received_at', 'prediction', 'score', 'model', 'seq', 'index'],
  ...['duplicate', 'replayed', 'errors', 'problem', 'explanation', 'votes', 'explain', 'label', 'source'],
  ...['from', 'to', 'sort', 'order', 'limit', 'cursor', 'format', 'points', 'search', 'sparkline', 'after'],
  ...['anomaly_rate', 'score_min', 'score_max', '__proto__', 'constructor', 'prototype'],
  // The columns of `GET /series`.
  ...[
    'count',
    'anomalies',
    'gaps',
    'resolution',
    'downsampled',
    'anomalies_sampled',
    'counted',
    'min',
    'max',
  ],
  ...['bucket_count', 'bucket_anomalies', 'newest_anomalies', 'top_anomalies'],
]);

/** MySQL has none of these characters in the names of columns. */
const beyondBasicPlane = /[\u{10000}-\u{10ffff}]/u;

export const featureNameSchema = nameSchema
  .refine((name) => !beyondBasicPlane.test(name), 'expected no characters beyond U+FFFF')
  .refine((name) => !reservedNames.has(name.toLowerCase()), {
    error: ({ input }) =>
      `${JSON.stringify(input)} is the name of a field or parameter of the API: rename it`,
  });

const titleSchema = createTitleSchema({ min: 1, max: 128 });
const unitSchema = createTitleSchema({ min: 0, max: 32 });

const limitSchema = z.number().nullable();

/** A feature in a request. Only the name is required. */
const featureInputSchema = z
  .strictObject({
    name: featureNameSchema,
    /** The name that people read. Default: `name`. */
    title: titleSchema.optional(),
    unit: unitSchema.default(''),
    /** The lowest and the highest possible value, both included; null: no limit. */
    min: limitSchema.default(null),
    max: limitSchema.default(null),
    /** How many decimals are shown; null: as many as the value has. */
    decimals: z.int().min(0).max(15).nullable().default(null),
  })
  .refine(({ min, max }) => min === null || max === null || min < max, {
    path: ['min'],
    error: 'expected a number below `max`',
  })
  .transform(({ title, ...feature }) => ({ ...feature, title: title ?? feature.name }));

const featuresInputSchema = z
  .array(featureInputSchema)
  .min(1, `expected 1 to ${maxTypeFeatures} features`)
  .max(maxTypeFeatures, `expected 1 to ${maxTypeFeatures} features`)
  .check(({ value, issues }) => {
    for (const { index, message } of findNameClashes(value.map(({ name }) => name)))
      issues.push({ code: 'custom', path: [index, 'name'], message, input: value });
  });

interface NameClash {
  index: number;
  message: string;
}

/** Names that differ only in case, and names of the parameters that filter another feature: `x` and `x_min`. */
export function findNameClashes(names: readonly string[]): NameClash[] {
  const lower = names.map((name) => name.toLowerCase());
  return lower.flatMap((name, index) => {
    const first = lower.indexOf(name);
    if (first < index)
      return { index, message: `is the same name as ${JSON.stringify(names[first])}, apart from case` };
    const base = name.replace(/_(min|max)$/, '');
    if (base === name || !lower.includes(base)) return [];
    return { index, message: `is also the parameter that filters ${JSON.stringify(base)}: rename it` };
  });
}

/** The body of `POST /types`. */
export const sensorTypeInputSchema = z.strictObject({ name: typeNameSchema, features: featuresInputSchema });
export type SensorTypeInput = z.input<typeof sensorTypeInputSchema>;

const featureChangeSchema = z.strictObject({
  name: featureNameSchema,
  title: titleSchema.optional(),
  unit: unitSchema.optional(),
  min: limitSchema.optional(),
  max: limitSchema.optional(),
  decimals: z.int().min(0).max(15).nullable().optional(),
});

/**
 * The body of `PATCH /types/{type}`: the features to change, by name. A feature that the type does not have is appended; older
 * readings have null for it.
 */
export const sensorTypeChangeSchema = z.strictObject({
  features: z.array(featureChangeSchema).min(1).max(maxTypeFeatures),
});
export type SensorTypeChange = z.infer<typeof sensorTypeChangeSchema>;

export const featureSchema = z.object({
  name: z.string(),
  title: z.string(),
  unit: z.string(),
  min: limitSchema,
  max: limitSchema,
  decimals: z.int().nullable(),
});
export type Feature = z.infer<typeof featureSchema>;

/** A named set of features, in the order of their values in `readings.features`. */
export const sensorTypeSchema = z.object({ name: typeNameSchema, features: z.array(featureSchema) });
export type SensorType = z.infer<typeof sensorTypeSchema>;

/** The response of `GET /types/{type}`, `POST /types` and `PATCH /types/{type}`. */
export const typeAnswerSchema = sensorTypeSchema.extend({
  /** The type of readings and queries that name none. */
  is_default: z.boolean(),
  /** The model that scores its readings; null: none does. */
  model: z.string().nullable(),
});
export type TypeAnswer = z.infer<typeof typeAnswerSchema>;

/** The response of `GET /types`, in order of name. */
export const typesSchema = z.object({ types: z.array(typeAnswerSchema) });
export type Types = z.infer<typeof typesSchema>;
