import { z } from 'zod';
import { storedReadingSchema } from './readings.ts';
import { sensorIdSchema, utcTimestampSchema } from './scalars.ts';

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
