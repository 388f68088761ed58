import { z } from 'zod';
import { clockAheadSchema, sensorStateSchema } from './alerts.ts';
import { storedReadingSchema } from './readings.ts';
import { numberFromQuery, sensorIdSchema, utcTimestampSchema } from './scalars.ts';
import { answeredTypeSchema, typeNameSchema } from './sensor-types.ts';

export const sensorSorts = ['name', 'last_seen', 'state'] as const;
export type SensorSort = (typeof sensorSorts)[number];

/** The values of a sparkline: the share of anomalies, or the mean of the feature of this name. */
export const anomalyRate = 'anomaly_rate';

export const maxSensorsPage = 200;
export const sparklinePoints = 30;

/** The query of `GET /sensors`. */
export const sensorsQuerySchema = z.strictObject({
  type: typeNameSchema.optional(),
  /** Part of the name of a sensor, case-insensitive. */
  search: z.string().trim().max(64).optional(),
  sort: z.enum(sensorSorts).default('name'),
  /** With the sort by state, `asc` means anomaly, silent, normal. */
  order: z.enum(['asc', 'desc']).default('asc'),
  /** `anomaly_rate`, or a feature of the type. */
  sparkline: z.string().max(64).default(anomalyRate),
  limit: numberFromQuery.pipe(z.int().min(1).max(maxSensorsPage)).default(50),
  cursor: z.string().max(512).optional(),
});
export type SensorsQuery = z.infer<typeof sensorsQuerySchema>;

const count = z.int().nonnegative();

export const sensorSchema = z.object({
  sensor_id: sensorIdSchema,
  state: sensorStateSchema,
  /** The newest reading by arrival; null if retention has removed all readings. */
  reading: storedReadingSchema.nullable(),
  clock_ahead_ms: clockAheadSchema,
  /** Arrival of the last reading; null if unknown. */
  last_seen: utcTimestampSchema.nullable(),
  /** Number of readings with a timestamp from `since` on. */
  count,
  anomalies: count,
  rate_per_minute: z.number().nonnegative(),
  /** One value per `sparkline_step_ms`, from `since` on; null for a step without readings. */
  sparkline: z.array(z.number().nullable()).length(sparklinePoints),
});
export type Sensor = z.infer<typeof sensorSchema>;

/** The response of `GET /sensors`: a keyset page. */
export const sensorsPageSchema = z.object({
  type: answeredTypeSchema,
  as_of: utcTimestampSchema,
  silent_after_ms: z.int().positive(),
  /** The start of `count`, `anomalies` and the sparklines: a whole minute, at most an hour ago. */
  since: utcTimestampSchema,
  sparkline_of: z.string(),
  sparkline_step_ms: z.int().positive(),
  /** Number of all matching sensors, not only of this page. */
  total: count,
  sensors: z.array(sensorSchema),
  next_cursor: z.string().nullable(),
});
export type SensorsPage = z.infer<typeof sensorsPageSchema>;
