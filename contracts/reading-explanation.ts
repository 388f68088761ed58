import { z } from 'zod';
import { explanationSchema, voteSchema } from './explanation.ts';
import { storedReadingSchema } from './readings.ts';

/** The answer to `GET /readings/{id}/explanation`; the reading is explained by the model that scored it. */
export const readingExplanationSchema = z.object({
  id: z.uuid(),
  /** As it is stored. */
  reading: storedReadingSchema,
  explanation: explanationSchema,
  votes: z.array(voteSchema),
});
export type ReadingExplanation = z.infer<typeof readingExplanationSchema>;
