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

/** Whether a body has a field named like a feature, valid or not. */
export function namesFeature(body: unknown): boolean {
  if (typeof body !== 'object' || body === null) return false;
  return features.some(({ name }) => Object.hasOwn(body, name));
}

/** One reading in the body of `POST /predict`. `id` is the idempotency key. */
export const readingInputSchema = featureValuesSchema.extend({
  id: idSchema.optional(),
  sensor_id: sensorIdSchema.default(defaultSensorId),
  timestamp: timestampSchema.optional(),
});
export type ReadingInput = z.infer<typeof readingInputSchema>;

export const featureValuesQuerySchema = z.strictObject({
  temperature: numberFromQuery.pipe(featureValuesSchema.shape.temperature),
  humidity: numberFromQuery.pipe(featureValuesSchema.shape.humidity),
  sound_volume: numberFromQuery.pipe(featureValuesSchema.shape.sound_volume),
});

const flagFromQuery = z.stringbool({ truthy: ['true'], falsy: ['false'], case: 'sensitive' }).default(false);

/** The query of `POST /predict`: optional parts of the response, for a single reading only. */
export const extrasQuerySchema = z.strictObject({
  /** Adds the explanation of the score. */
  explain: flagFromQuery,
  /** Adds the prediction of every loaded model. */
  votes: flagFromQuery,
});
export type ExtrasQuery = z.infer<typeof extrasQuerySchema>;

/** The query of `GET /predict`. */
export const predictQuerySchema = featureValuesQuerySchema.extend(extrasQuerySchema.shape);

export const maxBatchLength = 1000;
