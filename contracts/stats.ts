import { z } from 'zod';
import { countedShape, windowAnswerShape } from './time-window.ts';

/** In the feature's own unit; `std` is the population standard deviation. */
export const featureStatsSchema = z.object({
  min: z.number(),
  max: z.number(),
  mean: z.number(),
  std: z.number().nonnegative(),
});
export type FeatureStats = z.infer<typeof featureStatsSchema>;

/** The answer to `GET /stats`; without readings the rate and the features are null. */
export const statsSchema = z.object({
  ...windowAnswerShape,
  ...countedShape,
  count: z.int().nonnegative(),
  anomalies: z.int().nonnegative(),
  anomaly_rate: z.number().min(0).max(1).nullable(),
  features: z
    .object({
      temperature: featureStatsSchema,
      humidity: featureStatsSchema,
      sound_volume: featureStatsSchema,
    })
    .nullable(),
});
export type Stats = z.infer<typeof statsSchema>;
