import { z } from 'zod';
import { modelNameSchema, numberFromQuery } from './scalars.ts';

/** The query of `POST /models/{name}/activate`. */
export const activationQuerySchema = z.strictObject({
  /** Only reports. */
  dry_run: z.stringbool({ truthy: ['true'], falsy: ['false'], case: 'sensitive' }).default(false),
  /** How many of the last stored readings the new model scores. */
  last: numberFromQuery.pipe(z.int().min(0).max(10_000)).default(1000),
  /** Largest share of labels that may change; the model is not activated above it. */
  max_changed: numberFromQuery.pipe(z.number().min(0).max(1)).default(0.1),
});
export type ActivationQuery = z.infer<typeof activationQuerySchema>;

/** The answer to `POST /models/{name}/activate`: what the new model would say of readings that are stored. */
export const activationSchema = z.object({
  model: modelNameSchema,
  previous: modelNameSchema.nullable(),
  activated: z.boolean(),
  gate: z.object({
    /** How many readings were scored again. */
    readings: z.int().nonnegative(),
    /** How many would get another label: to 1 (anomaly), and to 0. */
    changed: z.int().nonnegative(),
    to_anomaly: z.int().nonnegative(),
    to_normal: z.int().nonnegative(),
    changed_share: z.number().min(0).max(1),
    max_changed: z.number().min(0).max(1),
    passed: z.boolean(),
  }),
});
export type Activation = z.infer<typeof activationSchema>;
