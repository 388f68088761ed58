import { z } from 'zod';
import { countedShape, windowAnswerShape } from './time-window.ts';

/** The answer to `GET /distribution`. Bins are equally wide over [0, 1]; the last one includes 1. */
export const distributionSchema = z.object({
  ...windowAnswerShape,
  ...countedShape,
  count: z.int().nonnegative(),
  predictions: z.object({ 0: z.int().nonnegative(), 1: z.int().nonnegative() }),
  score_histogram: z.array(z.object({ from: z.number(), to: z.number(), count: z.int().nonnegative() })),
});
export type Distribution = z.infer<typeof distributionSchema>;
