import {
  defaultSensorId,
  type FieldError,
  type ReadingInput,
  readingInputSchema,
  sensorIdSchema,
} from '@sensor-sentinel/contracts';
import { toFieldErrors } from '../../http/parse-request.ts';

const maxClockLeadMs = 24 * 3600 * 1000;

export type CheckedReading =
  | { input: ReadingInput; errors?: never }
  | { input?: never; errors: FieldError[] };

/** Validates a reading as a client sent it. */
export function checkReading(body: unknown, now: Date): CheckedReading {
  const parsed = readingInputSchema.safeParse(body);
  if (!parsed.success) return { errors: toFieldErrors(parsed.error) };
  const { timestamp } = parsed.data;
  const isAhead = timestamp !== undefined && Date.parse(timestamp) > now.getTime() + maxClockLeadMs;
  if (!isAhead) return { input: parsed.data };
  const message = `expected at most 24 hours after now (${now.toISOString()}): check the sensor's clock`;
  return { errors: [{ path: 'timestamp', message }] };
}

/** The sensor of a rejected reading; undefined where it has no valid one. */
export function readSensorId(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  if (!('sensor_id' in body)) return defaultSensorId;
  return sensorIdSchema.safeParse(body.sensor_id).data;
}
