import { z } from 'zod';
import { incidentSchema } from './incidents.ts';
import { storedReadingSchema } from './readings.ts';
import { numberFromQuery, scoreSchema, sensorIdSchema, utcTimestampSchema } from './scalars.ts';
import { answeredTypeSchema, typeNameSchema } from './sensor-types.ts';
import {
  isOrdered,
  mustBeOrdered,
  sensorIdsQuerySchema,
  timeWindowShape,
  windowAnswerShape,
} from './time-window.ts';

/**
 * `anomaly` from an anomaly on until a normal reading arrives at least 10 s and two usual intervals after the last anomaly; or
 * else the prediction of the newest reading by arrival; `unscored` if no model has scored it; `silent` if it arrived more than ten
 * usual intervals and 10 s ago, or more than SILENT_AFTER_MS ago while the usual interval of the sensor is not known.
 */
export const sensorStateSchema = z.enum(['normal', 'anomaly', 'silent', 'unscored']);
export type SensorState = z.infer<typeof sensorStateSchema>;

/**
 * `anomaly` or else `normal` if any sensor is in this state, or else `unscored`; `silent` if all sensors are silent or retired;
 * `empty` before the first reading.
 */
export const alertStateSchema = z.enum(['normal', 'anomaly', 'silent', 'unscored', 'empty']);
export type AlertState = z.infer<typeof alertStateSchema>;

/** The number of sensors in each state. */
export const stateCountsSchema = z.object({
  anomaly: z.int().nonnegative(),
  normal: z.int().nonnegative(),
  silent: z.int().nonnegative(),
  unscored: z.int().nonnegative().default(0),
});
export type StateCounts = z.infer<typeof stateCountsSchema>;

/** Derives the state of the whole system from the states of its sensors, and the number of retired ones. */
export function toAlertState(
  { anomaly, normal, silent, unscored }: StateCounts,
  retired: number,
): AlertState {
  if (anomaly > 0) return 'anomaly';
  if (normal > 0) return 'normal';
  if (unscored > 0) return 'unscored';
  return silent + retired > 0 ? 'silent' : 'empty';
}

/** The state `anomaly` lasts at least this long after an anomaly. */
export const minHoldMs = 10_000;

/** Smaller differences between the clocks of a sensor and the API are common and not reported. */
const clockAheadAfterMs = 120_000;

/** By how many ms the timestamp of a sensor's newest reading is later than its arrival; null up to two minutes. */
export const clockAheadSchema = z.int().positive().nullable();

/** By how many ms the timestamp of a reading is later than its arrival; null up to two minutes. */
export function toClockAheadMs(reading: { timestamp: string; received_at: string }): number | null {
  const aheadMs = Date.parse(reading.timestamp) - Date.parse(reading.received_at);
  return aheadMs > clockAheadAfterMs ? aheadMs : null;
}

export const maxAlertsPage = 1000;

/** The query of `GET /alerts`. */
export const alertsQuerySchema = z.strictObject({
  type: typeNameSchema.optional(),
  sensor_id: sensorIdsQuerySchema.optional(),
  cursor: z.string().max(512).optional(),
});

/** The most incidents that `GET /alerts` describes one by one. */
export const maxNewestIncidents = 5;

/** The incidents of the sensors of a request, read at the same moment as their states. */
export const incidentSummarySchema = z.object({
  firing: z.int().nonnegative(),
  /** Those of `firing` that nobody has acknowledged. */
  unacknowledged: z.int().nonnegative(),
  /** The firing incidents of the other sensors of the type. */
  elsewhere: z.int().nonnegative(),
  /** Firing incidents: those that nobody has acknowledged first, then the worst severity, then the newest. */
  newest: z.array(incidentSchema).max(maxNewestIncidents),
  /** Of those that have ended, the one that opened last. */
  last: incidentSchema.nullable(),
});
export type IncidentSummary = z.infer<typeof incidentSummarySchema>;

/** The response of `GET /alerts`: a keyset page of sensors, the worst state first. */
export const alertsSchema = z.object({
  type: answeredTypeSchema,
  /** The summary covers all sensors of the request, not only those on this page. */
  state: alertStateSchema,
  /** Without retired sensors. */
  counts: stateCountsSchema,
  /** The number of sensors that have been silent for more than a day and ten usual intervals. */
  retired: z.int().nonnegative(),
  /** The arrival of the newest reading of these sensors. */
  newest_at: utcTimestampSchema.nullable(),
  as_of: utcTimestampSchema,
  silent_after_ms: z.int().positive(),
  incidents: incidentSummarySchema,
  sensors: z.array(
    z.object({
      sensor_id: sensorIdSchema,
      state: sensorStateSchema,
      retired: z.boolean(),
      /** Arrival of the first reading of the current run of equal predictions. */
      since: utcTimestampSchema,
      /** The newest reading by arrival. */
      reading: storedReadingSchema,
      /** When `reading` arrived. */
      received_at: utcTimestampSchema,
      clock_ahead_ms: clockAheadSchema,
      /** The arrival of the last anomaly, while the state is `anomaly` because of it. */
      anomaly_at: utcTimestampSchema.nullish(),
      /** A normal reading that arrives this long after the last anomaly ends the state `anomaly`. */
      hold_ms: z.int().nonnegative().optional(),
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

/** `open`: no normal reading follows the last anomaly, in order of timestamp. */
export const episodeStateSchema = z.enum(['open', 'closed']);

/**
 * A run of anomalies of one sensor without a normal reading in between, in order of timestamp. A run that extends
 * beyond the window is returned whole.
 */
export const episodeSchema = z.object({
  sensor_id: sensorIdSchema,
  state: episodeStateSchema,
  /** Timestamps of the first and the last anomaly. */
  start: utcTimestampSchema,
  end: utcTimestampSchema,
  /** Timestamp of the normal reading that ended the run. */
  closed_at: utcTimestampSchema.nullable(),
  count: z.int().positive(),
  peak_score: scoreSchema,
});
export type Episode = z.infer<typeof episodeSchema>;

/** The response of `GET /alerts/episodes`: a keyset page, newest first. A short page may have a `next_cursor`. */
export const episodesPageSchema = z.object({
  type: answeredTypeSchema,
  ...windowAnswerShape,
  episodes: z.array(episodeSchema),
  next_cursor: z.string().nullable(),
});
export type EpisodesPage = z.infer<typeof episodesPageSchema>;
