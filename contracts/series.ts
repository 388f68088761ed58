import { z } from 'zod';
import { idSchema, labelSchema, numberFromQuery, utcTimestampSchema } from './scalars.ts';
import { countedShape, isOrdered, mustBeOrdered, timeWindowShape, windowAnswerShape } from './time-window.ts';

export const maxSeriesPoints = 5000;

/** The query of `GET /series`; `points` is how many readings to answer per feature, or buckets, at most, besides the anomalies. */
export const seriesQuerySchema = z
  .strictObject({
    ...timeWindowShape,
    points: numberFromQuery.pipe(z.int().min(10).max(maxSeriesPoints)).default(1000),
  })
  .refine(isOrdered, mustBeOrdered);
export type SeriesQuery = z.infer<typeof seriesQuerySchema>;

const numbers = z.array(z.number());
const counts = z.array(z.int().nonnegative());
const featureColumns = { temperature: numbers, humidity: numbers, sound_volume: numbers };
const readingColumns = { id: z.array(idSchema), timestamp: z.array(utcTimestampSchema), ...featureColumns };

const commonShape = {
  ...windowAnswerShape,
  ...countedShape,
  count: z.int().nonnegative(),
  anomalies: z.int().nonnegative(),
  /** Pauses clearly longer than usual: from the last point before to the first one after; no line crosses them. */
  gaps: z.array(z.object({ from: utcTimestampSchema, to: utcTimestampSchema })),
  timestamp: z.array(utcTimestampSchema),
  ...featureColumns,
};

/**
 * Real readings in order of time, one column per field, all equally long. Where there are more than `points`, those
 * are kept that a line needs to look the same, and every anomaly; `anomalies_sampled` says that even those were too
 * many, so that each stretch of time kept its most anomalous one.
 */
export const readingSeriesSchema = z.object({
  ...commonShape,
  resolution: z.literal('reading'),
  downsampled: z.boolean(),
  anomalies_sampled: z.boolean(),
  id: z.array(idSchema),
  prediction: z.array(labelSchema),
});
export type ReadingSeries = z.infer<typeof readingSeriesSchema>;

/**
 * Equally long stretches of time: `timestamp` is their start, `resolution` their length in seconds, the columns of the
 * features their means, beside the lowest and highest reading of each, and how many readings and anomalies it had.
 * Stretches without readings are left out. `newest_anomalies` are the last real ones.
 */
export const bucketSeriesSchema = z.object({
  ...commonShape,
  resolution: z.int().positive(),
  min: z.object(featureColumns),
  max: z.object(featureColumns),
  bucket_count: counts,
  bucket_anomalies: counts,
  newest_anomalies: z.object(readingColumns),
});
export type BucketSeries = z.infer<typeof bucketSeriesSchema>;

/** The answer to `GET /series`: readings where the window holds few, stretches of time where it holds many. */
export const seriesSchema = z.union([readingSeriesSchema, bucketSeriesSchema]);
export type Series = z.infer<typeof seriesSchema>;
