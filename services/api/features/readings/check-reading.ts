import {
  defaultSensorId,
  type FieldError,
  type ReadingInput,
  readingInputSchema,
  sensorIdSchema,
} from '@sensor-sentinel/contracts';
import { toFieldErrors } from '../../http/parse-request.ts';

const maxClockAheadMs = 24 * 3600 * 1000;

/** A valid reading, or the errors of an invalid one. */
export type CheckedReading =
  | { input: ReadingInput; errors?: never }
  | { input?: never; errors: FieldError[] };

/** Validates one reading of a request. `now` bounds its timestamp. */
export function checkReading(body: unknown, now: Date): CheckedReading {
  const parsed = readingInputSchema.safeParse(body);
  if (!parsed.success) return { errors: toFieldErrors(parsed.error) };
  const { timestamp } = parsed.data;
  const isAhead = timestamp !== undefined && Date.parse(timestamp) > now.getTime() + maxClockAheadMs;
  if (!isAhead) return { input: parsed.data };
  const message = `expected at most 24 hours after the current time (${now.toISOString()}): check the sensor's clock`;
  return { errors: [{ path: 'timestamp', message }] };
}

/** The sensor of an invalid reading; undefined if it has no valid `sensor_id`. */
export function readSensorId(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  if (!('sensor_id' in body)) return defaultSensorId;
  return sensorIdSchema.safeParse(body.sensor_id).data;
}
