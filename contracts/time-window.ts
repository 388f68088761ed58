import { z } from 'zod';
import { sensorIdSchema, timestampSchema, utcTimestampSchema } from './scalars.ts';
import { typeNameSchema } from './sensor-types.ts';

/** Largest number of sensors per query. */
export const maxSensorsPerQuery = 20;

/** The query parameter `sensor_id`, which may be repeated. Duplicates are removed. */
export const sensorIdsQuerySchema = z
  .union([sensorIdSchema, z.array(sensorIdSchema).max(maxSensorsPerQuery)])
  .transform((given) => [...new Set([given].flat())]);

/** `from` is inclusive, `to` is exclusive, both are optional. */
export const timeWindowShape = {
  /** The sensor type. Default: DEFAULT_TYPE. */
  type: typeNameSchema.optional(),
  from: timestampSchema.optional(),
  to: timestampSchema.optional(),
  sensor_id: sensorIdsQuerySchema.optional(),
};

/** Whether `from` is before `to`, or one of them is missing. */
export function isOrdered({ from, to }: { from?: string | undefined; to?: string | undefined }): boolean {
  return from === undefined || to === undefined || from < to;
}

export const mustBeOrdered = { path: ['from'], error: 'expected a time before `to`' };

/** The query of `GET /stats` and `GET /distribution`. */
export const timeWindowQuerySchema = z.strictObject(timeWindowShape).refine(isOrdered, mustBeOrdered);
export type TimeWindowQuery = z.infer<typeof timeWindowQuerySchema>;

/** The sensors and the time of a query. */
export type TimeWindow = z.infer<z.ZodObject<typeof timeWindowShape>>;

/** The requested window, repeated in the response. An open end is null. */
export const windowAnswerShape = {
  from: utcTimestampSchema.nullable(),
  to: utcTimestampSchema.nullable(),
};

/**
 * The window that the response covers, if it differs from the requested one. Where retention has removed the readings, the
 * ends of the window are rounded outwards to whole minutes or hours.
 */
export const countedShape = { counted: z.object(windowAnswerShape).optional() };
