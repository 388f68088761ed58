import { z } from 'zod';
import { storedReadingSchema } from './readings.ts';
import { numberFromQuery, scoreSchema, sensorIdSchema, utcTimestampSchema } from './scalars.ts';
import { isOrdered, mustBeOrdered, timeWindowShape, windowAnswerShape } from './time-window.ts';

/** Of a sensor: the prediction of its newest reading by arrival, or that none has arrived for too long. */
export const sensorStateSchema = z.enum(['normal', 'anomaly', 'silent']);
export type SensorState = z.infer<typeof sensorStateSchema>;

/** Of all: an anomaly of any sensor wins; `silent` where every sensor is; `empty` before the first reading. */
export const alertStateSchema = z.enum(['normal', 'anomaly', 'silent', 'empty']);
export type AlertState = z.infer<typeof alertStateSchema>;

/** How many sensors are in each state. */
export const stateCountsSchema = z.object({
  anomaly: z.int().nonnegative(),
  normal: z.int().nonnegative(),
  silent: z.int().nonnegative(),
});
export type StateCounts = z.infer<typeof stateCountsSchema>;

export function toAlertState({ anomaly, normal, silent }: StateCounts): AlertState {
  if (anomaly > 0) return 'anomaly';
  if (normal > 0) return 'normal';
  return silent > 0 ? 'silent' : 'empty';
}

/** Smaller differences between two clocks are common, and not shown. */
const clockAheadAfterMs = 120_000;

/** How far the newest reading of a sensor is dated after its arrival; null up to two minutes. */
export const clockAheadSchema = z.int().positive().nullable();

export function toClockAheadMs(reading: { timestamp: string; received_at: string }): number | null {
  const aheadMs = Date.parse(reading.timestamp) - Date.parse(reading.received_at);
  return aheadMs > clockAheadAfterMs ? aheadMs : null;
}

export const maxAlertsPage = 1000;

/** The query of `GET /alerts`. */
export const alertsQuerySchema = z.strictObject({ cursor: z.string().max(512).optional() });

/** The answer to `GET /alerts`: a keyset page of the sensors, worst first. */
export const alertsSchema = z.object({
  /** Of all sensors, not of this page only; so are the counts. */
  state: alertStateSchema,
  counts: stateCountsSchema,
  as_of: utcTimestampSchema,
  silent_after_ms: z.int().positive(),
  sensors: z.array(
    z.object({
      sensor_id: sensorIdSchema,
      state: sensorStateSchema,
      /** When the first reading of the current run arrived: the readings since then have the same prediction. */
      since: utcTimestampSchema,
      /** The newest by arrival. */
      reading: storedReadingSchema,
      /** When `reading` arrived. */
      received_at: utcTimestampSchema,
      clock_ahead_ms: clockAheadSchema,
    }),
  ),
  next_cursor: z.string().nullable(),
});
export type Alerts = z.infer<typeof alertsSchema>;
export type SensorAlert = Alerts['sensors'][number];

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
