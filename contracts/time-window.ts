import { z } from 'zod';
import { sensorIdSchema, timestampSchema, utcTimestampSchema } from './scalars.ts';

/** How many sensors one question may name. */
export const maxSensorsAsked = 20;

/** A query's `sensor_id`, which may be repeated. */
export const sensorsAskedSchema = z
  .union([sensorIdSchema, z.array(sensorIdSchema).max(maxSensorsAsked)])
  .transform((given) => [...new Set([given].flat())]);

/** `from` is included, `to` is not; either may be left out. */
export const timeWindowShape = {
  from: timestampSchema.optional(),
  to: timestampSchema.optional(),
  sensor_id: sensorsAskedSchema.optional(),
};

export function isOrdered({ from, to }: { from?: string | undefined; to?: string | undefined }): boolean {
  return from === undefined || to === undefined || from < to;
}

export const mustBeOrdered = { path: ['from'], error: 'expected a time before `to`' };

/** The query of `GET /stats` and `GET /distribution`. */
export const timeWindowQuerySchema = z.strictObject(timeWindowShape).refine(isOrdered, mustBeOrdered);
export type TimeWindowQuery = z.infer<typeof timeWindowQuerySchema>;

/** The window that was asked for, as every answer repeats it. */
export const windowAnswerShape = {
  from: utcTimestampSchema.nullable(),
  to: utcTimestampSchema.nullable(),
};

/** The window that was counted, where retention has left of an end only whole minutes or hours: rounded outwards. */
export const countedShape = { counted: z.object(windowAnswerShape).optional() };
