import { z } from 'zod';
import { sensorStateSchema } from './alerts.ts';
import { storedReadingSchema } from './readings.ts';
import { modelNameSchema, sensorIdSchema, utcTimestampSchema } from './scalars.ts';
import { answeredTypeSchema, typeNameSchema } from './sensor-types.ts';
import { sensorIdsQuerySchema } from './time-window.ts';

/** The query of `GET /stream`. */
export const streamQuerySchema = z.strictObject({
  type: typeNameSchema.optional(),
  sensor_id: sensorIdsQuerySchema.optional(),
});
export type StreamQuery = z.infer<typeof streamQuerySchema>;

/** A stored reading and its arrival. */
export const readingEventSchema = z.looseObject({
  ...storedReadingSchema.shape,
  received_at: utcTimestampSchema,
});
export type ReadingEvent = z.infer<typeof readingEventSchema>;

/** More readings than this within a batch are not sent; a `refetch` event takes their place. */
export const maxStreamReadings = 200;

/** `event: readings`: the readings that were stored since the last batch, at most four times a second. */
export const readingsEventSchema = z.array(readingEventSchema).min(1).max(maxStreamReadings);

/** `event: model`: the active model of a type changed. Also the first event of every connection. */
export const modelEventSchema = z.object({ type: answeredTypeSchema, model: modelNameSchema.nullable() });
export type ModelEvent = z.infer<typeof modelEventSchema>;

/**
 * `event: alert`: the state of a sensor changed. `at` is the arrival of the reading that changed the state, or the time when
 * the sensor became silent.
 */
export const alertEventSchema = z.object({
  type: answeredTypeSchema,
  sensor_id: sensorIdSchema,
  state: sensorStateSchema,
  previous: sensorStateSchema.nullable(),
  at: utcTimestampSchema,
});
export type AlertEvent = z.infer<typeof alertEventSchema>;

/** `event: incidents`: an incident of the type began, ended, or was changed by a person. */
export const incidentsEventSchema = z.object({ type: answeredTypeSchema });
export type IncidentsEvent = z.infer<typeof incidentsEventSchema>;

/** `event: refetch`: not everything was sent, or the database does not answer. The client asks the other routes again. */
export const refetchEventSchema = z.object({});
