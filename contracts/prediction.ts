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
import { answeredTypeSchema } from './sensor-types.ts';

/** All three are null for a reading that no model has scored. */
export const scoredSchema = z.object({
  prediction: labelSchema.nullable(),
  score: scoreSchema.nullable(),
  model: modelNameSchema.nullable(),
});
export type Scored = z.infer<typeof scoredSchema>;

export const predictionSchema = scoredSchema.extend({
  id: idSchema,
  type: answeredTypeSchema,
  sensor_id: sensorIdSchema,
  timestamp: utcTimestampSchema,
  /** Present where no model has scored the reading: why, and what to do about it. */
  note: z.string().optional(),
});
export type Prediction = z.infer<typeof predictionSchema>;

const extrasShape = {
  /** Present with `explain=true`. */
  explanation: explanationSchema.optional(),
  /** Present with `votes=true`: the prediction of each loaded model. */
  votes: z.array(voteSchema).optional(),
};

/** The response of `GET /predict`: scored, not stored. */
export const scoredAnswerSchema = scoredSchema.extend(extrasShape);
export type ScoredAnswer = z.infer<typeof scoredAnswerSchema>;

/** The response of `POST /predict` for one reading: scored and committed. */
export const predictionAnswerSchema = predictionSchema.extend(extrasShape);
export type PredictionAnswer = z.infer<typeof predictionAnswerSchema>;

/** The response of `POST /predict` for an array. Each reading is accepted or rejected on its own; `index` starts at 0. */
export const batchAnswerSchema = z.object({
  accepted: z.int().nonnegative(),
  rejected: z.array(z.object({ index: z.int().nonnegative(), errors: z.array(fieldErrorSchema) })),
  results: z.array(
    predictionSchema.extend({
      index: z.int().nonnegative(),
      /** True if the reading was sent before with the same id; otherwise absent. */
      duplicate: z.boolean().optional(),
      /** The old name of `duplicate`; sent until 1.0. */
      replayed: z.boolean().optional(),
    }),
  ),
});
export type BatchAnswer = z.infer<typeof batchAnswerSchema>;
