import { z } from 'zod';
import { idSchema, labelSchema, numberFromQuery, sensorIdSchema, utcTimestampSchema } from './scalars.ts';
import { answeredTypeSchema } from './sensor-types.ts';
import { countedShape, isOrdered, mustBeOrdered, timeWindowShape, windowAnswerShape } from './time-window.ts';

export const maxSeriesPoints = 5000;

/** Of more sensors than this, `by=sensor` answers one series of all readings. */
export const maxSeriesSensors = 6;

/** The query of `GET /series`. `points` is the largest number of buckets, or of readings per feature in addition to anomalies. */
export const seriesQuerySchema = z
  .strictObject({
    ...timeWindowShape,
    points: numberFromQuery.pipe(z.int().min(10).max(maxSeriesPoints)).default(1000),
    /** A series per sensor, which share the `points`, instead of one series of all readings. */
    by: z.literal('sensor').optional(),
  })
  .refine(isOrdered, mustBeOrdered);
export type SeriesQuery = z.infer<typeof seriesQuerySchema>;

const numbers = z.array(z.number().nullable());
const counts = z.array(z.int().nonnegative());
/** The values of each feature, by name. */
const featureColumns = z.record(z.string(), numbers);

/** A column per feature of the type is a further property, with null where a value is missing. */
const commonShape = {
  type: answeredTypeSchema,
  ...windowAnswerShape,
  ...countedShape,
  count: z.int().nonnegative(),
  anomalies: z.int().nonnegative(),
  /** Pauses that are clearly longer than usual, from the last point before to the first point after. A line breaks there. */
  gaps: z.array(z.object({ from: utcTimestampSchema, to: utcTimestampSchema })),
  timestamp: z.array(utcTimestampSchema),
};

/**
 * Readings in order of time, one column per field, all of equal length. `count` and `anomalies` are those of the window.
 * `downsampled` means that some readings are left out: beyond `points`, the readings that preserve the shape of the line
 * and up to 300 anomalies are kept; of a short window with very many readings, a sample from all its parts. `anomalies_sampled`
 * means that some anomalies are left out too.
 */
export const readingSeriesSchema = z.looseObject({
  ...commonShape,
  resolution: z.literal('reading'),
  downsampled: z.boolean(),
  anomalies_sampled: z.boolean(),
  id: z.array(idSchema),
  prediction: z.array(labelSchema.nullable()),
});
export type ReadingSeries = z.infer<typeof readingSeriesSchema>;

/**
 * Buckets of equal length: `timestamp` is their start and `resolution` their length in seconds. The feature columns are
 * means; `min`, `max` and the counts of readings and anomalies are separate columns. Empty buckets are left out.
 * `top_anomalies` are all anomalies of the window, or if there are too many, one of each of up to 300 parts of it: that with
 * the highest score.
 */
export const bucketSeriesSchema = z.looseObject({
  ...commonShape,
  resolution: z.int().positive(),
  min: featureColumns,
  max: featureColumns,
  bucket_count: counts,
  bucket_anomalies: counts,
  top_anomalies: z.looseObject({ id: z.array(idSchema), timestamp: z.array(utcTimestampSchema) }),
});
export type BucketSeries = z.infer<typeof bucketSeriesSchema>;

/** The response of `GET /series`: readings if the window has few of them or is too short for buckets, else buckets. */
export const seriesSchema = z.union([readingSeriesSchema, bucketSeriesSchema]);
export type Series = z.infer<typeof seriesSchema>;

const ofSensorShape = { sensor_id: sensorIdSchema.nullable() };

/**
 * The response of `GET /series?by=sensor`: a series of each sensor that has readings in the window, or a single one of all
 * readings, with `sensor_id` null, if more than six sensors are selected or, without `sensor_id`, active.
 */
export const seriesBySensorSchema = z.object({
  type: answeredTypeSchema,
  ...windowAnswerShape,
  series: z
    .array(z.union([readingSeriesSchema.extend(ofSensorShape), bucketSeriesSchema.extend(ofSensorShape)]))
    .max(maxSeriesSensors),
});
export type SeriesBySensor = z.infer<typeof seriesBySensorSchema>;
export type SensorSeries = SeriesBySensor['series'][number];
