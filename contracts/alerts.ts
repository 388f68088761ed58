import { z } from 'zod';
import { storedReadingSchema } from './readings.ts';
import { numberFromQuery, scoreSchema, sensorIdSchema, utcTimestampSchema } from './scalars.ts';
import { isOrdered, mustBeOrdered, timeWindowShape, windowAnswerShape } from './time-window.ts';

/** Of a sensor: what its newest reading was, or that it has not been heard of for too long. */
export const sensorStateSchema = z.enum(['normal', 'anomaly', 'silent']);
export type SensorState = z.infer<typeof sensorStateSchema>;

/** Of all: an anomaly of any sensor wins; `silent` where every sensor is; `empty` before the first reading. */
export const alertStateSchema = z.enum(['normal', 'anomaly', 'silent', 'empty']);
export type AlertState = z.infer<typeof alertStateSchema>;

/** The answer to `GET /alerts`. `since` is the first reading of the sensor's current run. */
export const alertsSchema = z.object({
  state: alertStateSchema,
  as_of: utcTimestampSchema,
  silent_after_ms: z.int().positive(),
  sensors: z.array(
    z.object({
      sensor_id: sensorIdSchema,
      state: sensorStateSchema,
      since: utcTimestampSchema,
      reading: storedReadingSchema,
    }),
  ),
});
export type Alerts = z.infer<typeof alertsSchema>;

export const maxEpisodes = 200;

/** The query of `GET /alerts/episodes`. */
export const episodesQuerySchema = z
  .strictObject({
    ...timeWindowShape,
    limit: numberFromQuery.pipe(z.int().min(1).max(maxEpisodes)).default(50),
    cursor: z.string().max(512).optional(),
  })
  .refine(isOrdered, mustBeOrdered);
export type EpisodesQuery = z.infer<typeof episodesQuerySchema>;

/** `open`: the sensor has sent nothing since its last anomaly; a single normal reading closes it. */
export const episodeStateSchema = z.enum(['open', 'closed']);

/** Anomalies of one sensor that no normal reading comes between, in the order of time; whole, whatever the window. */
export const episodeSchema = z.object({
  sensor_id: sensorIdSchema,
  state: episodeStateSchema,
  /** The first of its readings, and the last. */
  start: utcTimestampSchema,
  end: utcTimestampSchema,
  /** The normal reading that ended it. */
  closed_at: utcTimestampSchema.nullable(),
  count: z.int().positive(),
  peak_score: scoreSchema,
});
export type Episode = z.infer<typeof episodeSchema>;

/** The answer to `GET /alerts/episodes`, newest first: a keyset page, which may be short although more follow. */
export const episodesPageSchema = z.object({
  ...windowAnswerShape,
  episodes: z.array(episodeSchema),
  next_cursor: z.string().nullable(),
});
export type EpisodesPage = z.infer<typeof episodesPageSchema>;
