import { z } from 'zod';
import { fieldErrorSchema } from './problem.ts';
import { idSchema, labelSchema, scoreSchema, utcTimestampSchema } from './scalars.ts';
import { countedShape, windowAnswerShape } from './time-window.ts';

/** One entry of `POST /truth`: feedback on a stored reading. Later feedback replaces it. */
export const truthInputSchema = z.strictObject({
  id: idSchema,
  label: labelSchema,
  /** `label`: from a label column of the data; `verdict`: from a person. */
  source: z.enum(['label', 'verdict']).default('label'),
});
export type TruthInput = z.input<typeof truthInputSchema>;

/** Largest number of entries per `POST /truth`. */
export const maxTruths = 1000;

/** Largest number of reading ids per `GET /truth`. */
export const maxTruthsAsked = 100;

/** The query of `GET /truth`. */
export const truthQuerySchema = z.strictObject({
  /** May be repeated. */
  id: z
    .union([idSchema, z.array(idSchema).max(maxTruthsAsked)])
    .transform((given) => [...new Set([given].flat())]),
});
export type TruthQuery = z.infer<typeof truthQuerySchema>;

/** The response of `POST /truth`, for an array and for a single entry; `index` starts at 0. */
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

/** The response of `GET /truth?id=…`: the feedback on these readings; those without feedback are left out. */
export const truthsSchema = z.object({ truths: z.array(truthSchema) });
export type Truths = z.infer<typeof truthsSchema>;

const count = z.int().nonnegative();

/** The response of `GET /accuracy`: predictions compared with feedback in a window; anomaly is the positive class. */
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
  /** Null if the divisor is 0. */
  accuracy: scoreSchema.nullable(),
  precision: scoreSchema.nullable(),
  recall: scoreSchema.nullable(),
  f1: scoreSchema.nullable(),
});
export type Accuracy = z.infer<typeof accuracySchema>;
