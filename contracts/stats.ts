import { z } from 'zod';
import { answeredTypeSchema } from './sensor-types.ts';
import { countedShape, windowAnswerShape } from './time-window.ts';

/** In the unit of the feature; `std` is the population standard deviation. */
export const featureStatsSchema = z.object({
  /** The number of readings that have a value. */
  count: z.int().positive(),
  min: z.number(),
  max: z.number(),
  mean: z.number(),
  std: z.number().nonnegative(),
});
export type FeatureStats = z.infer<typeof featureStatsSchema>;

/**
 * The response of `GET /stats`. Without readings, `anomaly_rate` and `features` are null. `anomaly_rate` is the share of the
 * scored readings.
 */
export const statsSchema = z.object({
  type: answeredTypeSchema,
  ...windowAnswerShape,
  ...countedShape,
  count: z.int().nonnegative(),
  anomalies: z.int().nonnegative(),
  anomaly_rate: z.number().min(0).max(1).nullable(),
  /** By the name of the feature; null for a feature without a value. */
  features: z.record(z.string(), featureStatsSchema.nullable()).nullable(),
});
export type Stats = z.infer<typeof statsSchema>;

/** The response of `GET /distribution`. The bins of the histogram have equal widths; the last one includes 1. */
export const distributionSchema = z.object({
  type: answeredTypeSchema,
  ...windowAnswerShape,
  ...countedShape,
  count: z.int().nonnegative(),
  predictions: z.object({ 0: z.int().nonnegative(), 1: z.int().nonnegative() }),
  /** The number of readings that no model has scored. */
  unscored: z.int().nonnegative().default(0),
  score_histogram: z.array(z.object({ from: z.number(), to: z.number(), count: z.int().nonnegative() })),
});
export type Distribution = z.infer<typeof distributionSchema>;
