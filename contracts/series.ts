import { z } from 'zod';
import { idSchema, labelSchema, numberFromQuery, utcTimestampSchema } from './scalars.ts';
import { countedShape, isOrdered, mustBeOrdered, timeWindowShape, windowAnswerShape } from './time-window.ts';

export const maxSeriesPoints = 5000;

/** The query of `GET /series`. `points` is the largest number of readings per feature, or of buckets, besides anomalies. */
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
  /** Pauses that are clearly longer than usual, from the last point before to the first point after. Lines break here. */
  gaps: z.array(z.object({ from: utcTimestampSchema, to: utcTimestampSchema })),
  timestamp: z.array(utcTimestampSchema),
  ...featureColumns,
};

/**
 * Readings in order of time, one column per field, all of equal length. Beyond `points`, the series is downsampled to
 * the readings that preserve the shape of the line, and all anomalies. `anomalies_sampled` means that there were too many
 * anomalies as well, so only the one with the highest score of each interval is included.
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
 * Buckets of equal length: `timestamp` is their start and `resolution` their length in seconds. The feature columns are
 * means; `min`, `max` and the counts of readings and anomalies are separate columns. Empty buckets are left out.
 * `newest_anomalies` are the newest individual anomalies.
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

/** The response of `GET /series`: readings for a window with few of them, buckets for a window with many. */
export const seriesSchema = z.union([readingSeriesSchema, bucketSeriesSchema]);
export type Series = z.infer<typeof seriesSchema>;
