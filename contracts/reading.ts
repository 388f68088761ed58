import { z } from 'zod';
import { features } from './features.ts';
import { defaultSensorId, idSchema, numberFromQuery, sensorIdSchema, timestampSchema } from './scalars.ts';

const [temperature, humidity, soundVolume] = features;

function featureSchema({ min, max, unit }: { min: number; max: number; unit: string }) {
  const message = `expected a number from ${min} to ${max} ${unit}`;
  return z.number({ error: message }).min(min, message).max(max, message);
}

export const featureValuesSchema = z.strictObject({
  temperature: featureSchema(temperature),
  humidity: featureSchema(humidity),
  sound_volume: featureSchema(soundVolume),
});
export type FeatureValues = z.infer<typeof featureValuesSchema>;

/** One reading as a client sends it to `POST /predict`. `id` is the idempotency key. */
export const readingInputSchema = featureValuesSchema.extend({
  id: idSchema.optional(),
  sensor_id: sensorIdSchema.default(defaultSensorId),
  timestamp: timestampSchema.optional(),
});
export type ReadingInput = z.infer<typeof readingInputSchema>;

/** The query of `GET /predict`. */
export const featureValuesQuerySchema = z.strictObject({
  temperature: numberFromQuery.pipe(featureValuesSchema.shape.temperature),
  humidity: numberFromQuery.pipe(featureValuesSchema.shape.humidity),
  sound_volume: numberFromQuery.pipe(featureValuesSchema.shape.sound_volume),
});

export const maxBatchLength = 1000;
