import { z } from 'zod';
import { normalRangeSchema } from './model.ts';
import { labelSchema, modelNameSchema, scoreSchema } from './scalars.ts';

export const contributionSchema = z.object({
  feature: z.string(),
  value: z.number().nullable(),
  contribution: z.number(),
  /** Present beyond ten features, where the contribution is estimated from random orders of the features. */
  standard_error: z.number().nonnegative().optional(),
  /** Absent if the model has too few normal background readings, and in explanations stored by version 0.2 or older. */
  normal_range: normalRangeSchema.optional(),
});
export type Contribution = z.infer<typeof contributionSchema>;

/**
 * The explanation of a score: `base_value` is the model's mean score over its background readings, and the contributions
 * (interventional Shapley values, exact up to ten features) sum to score − base_value.
 */
export const explanationSchema = z.object({
  model: modelNameSchema,
  score: scoreSchema,
  prediction: labelSchema,
  base_value: scoreSchema,
  background_readings: z.int().positive(),
  contributions: z.array(contributionSchema),
  /** The smallest change of one feature that flips the prediction; null if none was found. */
  counterfactual: z
    .object({
      feature: z.string(),
      value: z.number(),
      change: z.number(),
      score: scoreSchema,
      prediction: labelSchema,
    })
    .nullable(),
  /** The calibrated probability of an anomaly, for models that compute one in addition to the score. */
  probability: z.number().min(0).max(1).optional(),
});
export type Explanation = z.infer<typeof explanationSchema>;

/** The prediction of one loaded model. */
export const voteSchema = z.object({
  model: modelNameSchema,
  family: z.string(),
  prediction: labelSchema,
  score: scoreSchema,
  probability: z.number().min(0).max(1).optional(),
});
export type Vote = z.infer<typeof voteSchema>;

/** The response of `GET /readings/{id}/explanation`. The explanation is that of the model that scored the reading. */
export const readingExplanationSchema = z.object({
  id: z.uuid(),
  explanation: explanationSchema,
  votes: z.array(voteSchema),
});
export type ReadingExplanation = z.infer<typeof readingExplanationSchema>;
