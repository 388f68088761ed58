import { z } from 'zod';
import { modelNameSchema } from './scalars.ts';

const share = z.number().min(0).max(1);

const metricsSchema = z.object({
  rows: z.int(),
  accuracy: share,
  precision: share,
  recall: share,
  f1: share,
  roc_auc: share,
  confusion: z.object({
    true_negatives: z.int(),
    false_positives: z.int(),
    false_negatives: z.int(),
    true_positives: z.int(),
  }),
});
export type Metrics = z.infer<typeof metricsSchema>;

/** Accuracy in each fold; `sd` is the standard deviation over the folds. */
const crossValidationSchema = z.object({
  folds: z.int(),
  accuracies: z.array(share),
  mean: share,
  sd: z.number(),
});

/** How a model came about: trained here, or imported from files of another library. */
export const modelOriginSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('trained'),
    seed: z.int(),
    parameters: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
    rows: z.int(),
    train_rows: z.int(),
    data_sha256: z.string(),
    /** What trained it, where that was not this project alone. */
    library: z.string().optional(),
    /** Measured on the rows that it was not fitted on. */
    test: metricsSchema,
    cross_validation: crossValidationSchema.optional(),
    /** The families that were trained on the same rows, for comparison. */
    comparison: z.array(
      z.object({ family: z.string(), cross_validation: crossValidationSchema, test: metricsSchema }),
    ),
  }),
  z.object({
    kind: z.literal('imported'),
    format: z.string(),
    version: z.string(),
    estimator: z.string(),
    files: z.array(z.object({ name: z.string(), sha256: z.string() })),
    /** How far the scores were from those of the library that made the model. */
    agreement: z.object({ vectors: z.int(), max_difference: z.number() }).optional(),
  }),
]);
export type ModelOrigin = z.infer<typeof modelOriginSchema>;

/** From the 5th to the 95th percentile of the artifact's background readings that it takes for normal. */
const normalRangeSchema = z.object({ low: z.number(), high: z.number() });

/** The answer to `GET /model`: the artifact in use. */
export const modelSchema = z.object({
  name: modelNameSchema,
  family: z.string(),
  features: z.array(
    z.object({ name: z.string(), unit: z.string(), normal_range: normalRangeSchema.optional() }),
  ),
  class_names: z.tuple([z.string(), z.string()]),
  scaler: z.looseObject({ kind: z.string() }),
  threshold: z.number(),
  origin: modelOriginSchema,
  certificate: z.object({
    sha256: z.string(),
    data_sha256: z.string().optional(),
    reference_vectors: z.int(),
    max_difference: z.number(),
  }),
});
export type Model = z.infer<typeof modelSchema>;

/** The answer to `GET /models`: every file of the model folder, loaded and verified, or refused with its fault. */
export const modelsSchema = z.object({
  active: modelNameSchema.nullable(),
  /** What was active before, for rollback. */
  previous: modelNameSchema.nullable(),
  models: z.array(
    modelSchema.extend({
      file: z.string(),
      /** False where the file was removed or overwritten since: the model is lost when the API ends. */
      on_disk: z.boolean().optional(),
      /** Why it cannot be activated; left out where it can. */
      obstacle: z.string().optional(),
    }),
  ),
  faults: z.array(z.object({ file: z.string(), detail: z.string() })),
});
export type Models = z.infer<typeof modelsSchema>;
