import { z } from 'zod';
import { countedShape, windowAnswerShape } from './time-window.ts';

/** In the unit of the feature; `std` is the population standard deviation. */
export const featureStatsSchema = z.object({
  min: z.number(),
  max: z.number(),
  mean: z.number(),
  std: z.number().nonnegative(),
});
export type FeatureStats = z.infer<typeof featureStatsSchema>;

/** The response of `GET /stats`. Without readings, `anomaly_rate` and `features` are null. */
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

/** The response of `GET /distribution`. The bins of the histogram have equal widths; the last one includes 1. */
export const distributionSchema = z.object({
  ...windowAnswerShape,
  ...countedShape,
  count: z.int().nonnegative(),
  predictions: z.object({ 0: z.int().nonnegative(), 1: z.int().nonnegative() }),
  score_histogram: z.array(z.object({ from: z.number(), to: z.number(), count: z.int().nonnegative() })),
});
export type Distribution = z.infer<typeof distributionSchema>;
