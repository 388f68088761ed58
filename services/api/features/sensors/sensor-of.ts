import { defaultSensorId, sensorIdSchema } from '@sensor-sentinel/contracts';

/** Whose reading a refused body was meant to be; undefined where that cannot be read. */
export function sensorOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  if (!('sensor_id' in body)) return defaultSensorId;
  return sensorIdSchema.safeParse(body.sensor_id).data;
}
