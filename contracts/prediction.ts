import { z } from 'zod';
import { explanationSchema, voteSchema } from './explanation.ts';
import { fieldErrorSchema } from './problem.ts';
import {
  idSchema,
  labelSchema,
  modelNameSchema,
  scoreSchema,
  sensorIdSchema,
  utcTimestampSchema,
} from './scalars.ts';

export const scoredSchema = z.object({
  prediction: labelSchema,
  score: scoreSchema,
  model: modelNameSchema,
});
export type Scored = z.infer<typeof scoredSchema>;

export const predictionSchema = scoredSchema.extend({
  id: idSchema,
  sensor_id: sensorIdSchema,
  timestamp: utcTimestampSchema,
});
export type Prediction = z.infer<typeof predictionSchema>;

const asked = {
  /** With `explain=true`. */
  explanation: explanationSchema.optional(),
  /** With `votes=true`: what each loaded model says. */
  votes: z.array(voteSchema).optional(),
};

/** The answer to `GET /predict`: scored, not stored. */
export const scoredAnswerSchema = scoredSchema.extend(asked);
export type ScoredAnswer = z.infer<typeof scoredAnswerSchema>;

/** The answer to one reading of `POST /predict`: scored and committed. */
export const predictionAnswerSchema = predictionSchema.extend(asked);
export type PredictionAnswer = z.infer<typeof predictionAnswerSchema>;

/** The answer to an array: each row is accepted or rejected on its own; `index` counts from 0. */
export const batchAnswerSchema = z.object({
  accepted: z.int().nonnegative(),
  rejected: z.array(z.object({ index: z.int().nonnegative(), errors: z.array(fieldErrorSchema) })),
  results: z.array(
    predictionSchema.extend({ index: z.int().nonnegative(), replayed: z.boolean().optional() }),
  ),
});
export type BatchAnswer = z.infer<typeof batchAnswerSchema>;
