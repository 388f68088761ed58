import { z } from 'zod';
import { sensorStateSchema } from './alerts.ts';
import { severitySchema } from './rules.ts';
import { idSchema, numberFromQuery, sensorIdSchema, utcTimestampSchema } from './scalars.ts';
import { answeredTypeSchema } from './sensor-types.ts';
import { isOrdered, mustBeOrdered, timeWindowShape } from './time-window.ts';

export const maxFleetSensors = 1000;
/** Of all sensors together: the more sensors, the wider their buckets. */
export const maxFleetCells = 60_000;
/** Of one sensor: those that fire, then the newest. */
export const maxFleetIncidents = 20;

/** The query of `GET /fleet`. Without `to`, the window ends now; without `from`, it is a day long. */
export const fleetQuerySchema = z
  .strictObject({
    ...timeWindowShape,
    /** The largest number of buckets per sensor. */
    buckets: numberFromQuery.pipe(z.int().min(10).max(500)).default(120),
  })
  .refine(isOrdered, mustBeOrdered);
export type FleetQuery = z.infer<typeof fleetQuerySchema>;

const count = z.int().nonnegative();
const counts = z.array(count);

const fleetIncidentSchema = z.object({
  id: idSchema,
  rule: z.string(),
  severity: severitySchema,
  started_at: utcTimestampSchema,
  /** When the rule or a person ended it; null while it fires. */
  ended_at: utcTimestampSchema.nullable(),
  acknowledged: z.boolean(),
});
export type FleetIncident = z.infer<typeof fleetIncidentSchema>;

const fleetSensorSchema = z.object({
  sensor_id: sensorIdSchema,
  /** The present state, as in `GET /alerts`. */
  state: sensorStateSchema,
  retired: z.boolean(),
  /** The arrival of the newest reading. */
  newest_at: utcTimestampSchema,
  /** The sensor is silent when nothing has arrived for this long. */
  silent_after_ms: z.number().positive(),
  /** Of all buckets. */
  count,
  anomalies: count,
  /** Readings and anomalies by bucket. */
  bucket_count: counts,
  bucket_anomalies: counts,
  /** Those that overlap the window. */
  incidents: z.array(fleetIncidentSchema).max(maxFleetIncidents),
  /** The number of further incidents. */
  more_incidents: count,
});
export type FleetSensor = z.infer<typeof fleetSensorSchema>;

/**
 * The response of `GET /fleet`: the sensors with their anomalies and incidents over time, the worst first: by firing incidents in
 * the window, those that nobody has acknowledged before others, then the share of anomalies, then silent sensors, then by name. Retired
 * sensors without readings in the window are left out.
 */
export const fleetSchema = z.object({
  type: answeredTypeSchema,
  from: utcTimestampSchema,
  to: utcTimestampSchema,
  as_of: utcTimestampSchema,
  /** The first bucket begins here, at `from` or before. Buckets are counted whole, also beyond the window. */
  start: utcTimestampSchema,
  bucket_ms: z.int().positive(),
  buckets: z.int().positive(),
  sensors: z.array(fleetSensorSchema).max(maxFleetSensors),
  /** The number of further sensors. Those with firing incidents and in the worst states now are listed. */
  more: count,
});
export type Fleet = z.infer<typeof fleetSchema>;
