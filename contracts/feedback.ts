import { z } from 'zod';
import { fieldErrorSchema } from './problem.ts';
import { expected, idSchema, labelSchema, scoreSchema, utcTimestampSchema } from './scalars.ts';
import { countedShape, windowAnswerShape } from './time-window.ts';

/** `label`: from a label column of the data; `person`: from a person. */
const sourceSchema = z.enum(['label', 'person']);
export type FeedbackSource = z.infer<typeof sourceSchema>;

/** A source in a request. `verdict`, the name of `person` before version 0.3, is accepted until 1.0. */
export const feedbackSourceSchema = z
  .enum([...sourceSchema.options, 'verdict'], { error: expected('"label" or "person"') })
  .transform((source) => (source === 'verdict' ? 'person' : source));

/** One entry of `POST /feedback`: feedback on a stored reading. It replaces earlier feedback on the reading. */
export const feedbackInputSchema = z.strictObject({
  id: idSchema,
  label: labelSchema,
  source: feedbackSourceSchema.default('label'),
});
export type FeedbackInput = z.input<typeof feedbackInputSchema>;

/** Largest number of entries per `POST /feedback`. */
export const maxFeedbackEntries = 1000;

/** Largest number of reading ids per `GET /feedback`. */
export const maxFeedbackIds = 100;

/** The query of `GET /feedback`. */
export const feedbackQuerySchema = z.strictObject({
  /** May be repeated. */
  id: z
    .union([idSchema, z.array(idSchema).max(maxFeedbackIds)])
    .transform((given) => [...new Set([given].flat())]),
});
export type FeedbackQuery = z.infer<typeof feedbackQuerySchema>;

/** The response of `POST /feedback`, for an array and for a single entry; `index` starts at 0. */
export const feedbackAnswerSchema = z.object({
  accepted: z.int().nonnegative(),
  rejected: z.array(z.object({ index: z.int().nonnegative(), errors: z.array(fieldErrorSchema) })),
});
export type FeedbackAnswer = z.infer<typeof feedbackAnswerSchema>;

export const feedbackSchema = z.object({
  id: idSchema,
  label: labelSchema,
  source: sourceSchema,
  /** When the API received the feedback. */
  decided_at: utcTimestampSchema,
});
export type Feedback = z.infer<typeof feedbackSchema>;

/** The response of `GET /feedback?id=…`: the feedback on these readings. Readings without feedback are left out. */
export const feedbackListSchema = z.object({
  feedback: z.array(feedbackSchema),
  /** The old form of `feedback`; sent until 1.0. */
  truths: z.array(feedbackSchema.extend({ source: z.enum(['label', 'verdict']) })).optional(),
});
export type FeedbackList = z.infer<typeof feedbackListSchema>;

const count = z.int().nonnegative();

/** Predictions compared with feedback; anomaly is the positive class. The ratios are null if their divisor is 0. */
export const comparedShape = {
  confusion: z.object({
    true_negative: count,
    false_positive: count,
    false_negative: count,
    true_positive: count,
  }),
  accuracy: scoreSchema.nullable(),
  precision: scoreSchema.nullable(),
  recall: scoreSchema.nullable(),
  f1: scoreSchema.nullable(),
};

/** The response of `GET /accuracy`: predictions compared with feedback in a window. */
export const accuracySchema = z.object({
  ...windowAnswerShape,
  ...countedShape,
  /** Number of predictions with feedback. */
  labeled: count,
  /** The old name of `labeled`; sent until 1.0. */
  labelled: count.optional(),
  ...comparedShape,
});
export type Accuracy = z.infer<typeof accuracySchema>;
