import { z } from 'zod';
import { labelSchema, modelNameSchema, scoreSchema } from './scalars.ts';

/**
 * Why a model scores a reading as it does: `base_value` is its mean score over background readings, and the
 * contributions (exact interventional Shapley values) sum to score − base_value.
 */
export const explanationSchema = z.object({
  model: modelNameSchema,
  score: scoreSchema,
  prediction: labelSchema,
  base_value: scoreSchema,
  background_readings: z.int().positive(),
  contributions: z.array(z.object({ feature: z.string(), value: z.number(), contribution: z.number() })),
  /** The smallest change of one feature that flips the prediction; null where none was found. */
  counterfactual: z
    .object({
      feature: z.string(),
      value: z.number(),
      change: z.number(),
      score: scoreSchema,
      prediction: labelSchema,
    })
    .nullable(),
  /** A probability that the model was calibrated to, beside its score. */
  probability: z.number().min(0).max(1).optional(),
});
export type Explanation = z.infer<typeof explanationSchema>;

/** What one loaded model says of a reading. */
export const voteSchema = z.object({
  model: modelNameSchema,
  family: z.string(),
  prediction: labelSchema,
  score: scoreSchema,
  probability: z.number().min(0).max(1).optional(),
});
export type Vote = z.infer<typeof voteSchema>;
