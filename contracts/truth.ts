import { z } from 'zod';
import { fieldErrorSchema } from './problem.ts';
import { idSchema, labelSchema, scoreSchema, utcTimestampSchema } from './scalars.ts';
import { countedShape, windowAnswerShape } from './time-window.ts';

/** One item of `POST /truth`: what a stored reading really was. A later one replaces it. */
export const truthInputSchema = z.strictObject({
  id: idSchema,
  label: labelSchema,
  /** `label`: from the data; `verdict`: a person's. */
  source: z.enum(['label', 'verdict']).default('label'),
});
export type TruthInput = z.input<typeof truthInputSchema>;

/** How many truths one `POST /truth` may tell. */
export const maxTruths = 1000;

/** How many readings one `GET /truth` may ask for. */
export const maxTruthsAsked = 100;

/** The query of `GET /truth`. */
export const truthQuerySchema = z.strictObject({
  /** May be repeated. */
  id: z
    .union([idSchema, z.array(idSchema).max(maxTruthsAsked)])
    .transform((given) => [...new Set([given].flat())]),
});
export type TruthQuery = z.infer<typeof truthQuerySchema>;

/** The answer to `POST /truth`, to an array and to one alike; `index` counts from 0. */
export const truthAnswerSchema = z.object({
  accepted: z.int().nonnegative(),
  rejected: z.array(z.object({ index: z.int().nonnegative(), errors: z.array(fieldErrorSchema) })),
});
export type TruthAnswer = z.infer<typeof truthAnswerSchema>;

export const truthSchema = z.object({
  id: idSchema,
  label: labelSchema,
  source: z.enum(['label', 'verdict']),
  decided_at: utcTimestampSchema,
});
export type Truth = z.infer<typeof truthSchema>;

/** The answer to `GET /truth?id=…`: of the readings asked for, those whose truth is known. */
export const truthsSchema = z.object({ truths: z.array(truthSchema) });
export type Truths = z.infer<typeof truthsSchema>;

const count = z.int().nonnegative();

/** The answer to `GET /accuracy`, of the readings of a window whose truth is known; anomaly is the positive class. */
export const accuracySchema = z.object({
  ...windowAnswerShape,
  ...countedShape,
  labelled: count,
  confusion: z.object({
    true_negative: count,
    false_positive: count,
    false_negative: count,
    true_positive: count,
  }),
  /** Null where the divisor is 0. */
  accuracy: scoreSchema.nullable(),
  precision: scoreSchema.nullable(),
  recall: scoreSchema.nullable(),
  f1: scoreSchema.nullable(),
});
export type Accuracy = z.infer<typeof accuracySchema>;
