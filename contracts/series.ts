import { z } from 'zod';
import { idSchema, labelSchema, numberFromQuery, utcTimestampSchema } from './scalars.ts';
import { isOrdered, mustBeOrdered, timeWindowShape, windowAnswerShape } from './time-window.ts';

export const maxSeriesPoints = 5000;

/** The query of `GET /series`; `points` is how many readings to answer at most, besides the anomalies. */
export const seriesQuerySchema = z
  .strictObject({
    ...timeWindowShape,
    points: numberFromQuery.pipe(z.int().min(10).max(maxSeriesPoints)).default(1000),
  })
  .refine(isOrdered, mustBeOrdered);
export type SeriesQuery = z.infer<typeof seriesQuerySchema>;

/**
 * The answer to `GET /series`: real readings in order of time, one column per field, all equally long.
 * Where there are more than `points`, the extremes of each feature per stretch of time are kept, and
 * every anomaly; `anomalies_sampled` says that even those were too many, so that each stretch of time
 * kept its most anomalous ones.
 */
export const seriesSchema = z.object({
  ...windowAnswerShape,
  count: z.int().nonnegative(),
  anomalies: z.int().nonnegative(),
  downsampled: z.boolean(),
  anomalies_sampled: z.boolean(),
  id: z.array(idSchema),
  timestamp: z.array(utcTimestampSchema),
  temperature: z.array(z.number()),
  humidity: z.array(z.number()),
  sound_volume: z.array(z.number()),
  prediction: z.array(labelSchema),
});
export type Series = z.infer<typeof seriesSchema>;
