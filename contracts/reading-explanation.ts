import { z } from 'zod';
import { explanationSchema, voteSchema } from './explanation.ts';

/** The answer to `GET /readings/{id}/explanation`; the reading is explained by the model that scored it. */
export const readingExplanationSchema = z.object({
  id: z.uuid(),
  explanation: explanationSchema,
  votes: z.array(voteSchema),
});
export type ReadingExplanation = z.infer<typeof readingExplanationSchema>;
