import { z } from 'zod';
import { nameSchema } from './names.ts';

/** The error of a schema whose own words say what a value is; one that is missing is `required` all the same. */
export function expected(what: string): z.core.$ZodErrorMap {
  return ({ input }) => (input === undefined ? undefined : `expected ${what}`);
}

/** A time in ISO 8601 with an offset or Z, converted to UTC with milliseconds. */
export const timestampSchema = z.iso
  .datetime({ offset: true, error: expected('an ISO 8601 date and time with Z or an offset') })
  .transform((text) => new Date(text).toISOString())
  .refine((utc) => utc >= '1970' && utc < '9999', 'expected a year from 1970 to 9998');

export const utcTimestampSchema = z.iso.datetime({ precision: 3 });

export const sensorIdSchema = nameSchema;

export const defaultSensorId = 'default';

export const idSchema = z.uuid({ error: expected('a UUID') }).toLowerCase();

export const labelSchema = z.union([z.literal(0), z.literal(1)]);

/** The probability of an anomaly, in [0, 1]. */
export const scoreSchema = z.number().min(0).max(1);

/** The name of an artifact. */
export const modelNameSchema = z.string().min(1).max(64);

/** A flag as a query parameter. */
export const flagFromQuery = z
  .stringbool({ truthy: ['true'], falsy: ['false'], case: 'sensitive' })
  .default(false);

/** A number as a query parameter: `"24.1"` → 24.1. Only decimal notation is accepted. */
export const numberFromQuery = z
  .string()
  .trim()
  .regex(/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i, 'expected a number')
  .transform(Number)
  .refine(Number.isFinite, 'expected a number');
