import { z } from 'zod';
import { sensorStateSchema } from './alerts.ts';
import { storedReadingSchema } from './readings.ts';
import { modelNameSchema, sensorIdSchema, utcTimestampSchema } from './scalars.ts';
import { sensorsAskedSchema } from './time-window.ts';

/** The query of `GET /stream`. */
export const streamQuerySchema = z.strictObject({
  sensor_id: sensorsAskedSchema.optional(),
});
export type StreamQuery = z.infer<typeof streamQuerySchema>;

/** `event: reading`: a stored reading, and when it arrived. */
export const readingEventSchema = z.object({
  ...storedReadingSchema.shape,
  received_at: utcTimestampSchema,
});
export type ReadingEvent = z.infer<typeof readingEventSchema>;

/** `event: model`: which model serves from now on; also the first event of every connection. */
export const modelEventSchema = z.object({ model: modelNameSchema.nullable() });
export type ModelEvent = z.infer<typeof modelEventSchema>;

/** `event: alert`: the state of a sensor changed. `at`: when the reading that changed it arrived, or it fell silent. */
export const alertEventSchema = z.object({
  sensor_id: sensorIdSchema,
  state: sensorStateSchema,
  previous: sensorStateSchema.nullable(),
  at: utcTimestampSchema,
});
export type AlertEvent = z.infer<typeof alertEventSchema>;

/** `event: refetch`: events are missing from here on back; what was asked of other routes is to be asked again. */
export const refetchEventSchema = z.object({ reason: z.enum(['too_old', 'too_slow', 'unknown_id']) });
export type RefetchEvent = z.infer<typeof refetchEventSchema>;
