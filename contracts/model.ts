import { z } from 'zod';
import { comparedShape } from './feedback.ts';
import { modelNameSchema, numberFromQuery } from './scalars.ts';
import { answeredTypeSchema } from './sensor-types.ts';

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

/** The origin of a model: trained by this project, or imported from files of another library. */
export const modelOriginSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('trained'),
    seed: z.int(),
    parameters: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
    rows: z.int(),
    train_rows: z.int(),
    data_sha256: z.string(),
    /** The external library that trained the model, if any. */
    library: z.string().optional(),
    /** Metrics on the held-out rows. */
    test: metricsSchema,
    cross_validation: crossValidationSchema.optional(),
    /** All families that were trained on the same rows. */
    comparison: z.array(
      z.object({ family: z.string(), cross_validation: crossValidationSchema, test: metricsSchema }),
    ),
  }),
  z.object({
    kind: z.literal('imported'),
    format: z.string(),
    version: z.string(),
    estimator: z.string(),
    /** The classes of the files that count as normal and as anomaly. Models of before 0.3 lack it. */
    classes: z.tuple([z.string(), z.string()]).optional(),
    files: z.array(z.object({ name: z.string(), sha256: z.string() })),
    /** The largest difference from the scores of the original library. */
    agreement: z.object({ vectors: z.int(), max_difference: z.number() }).optional(),
  }),
]);
export type ModelOrigin = z.infer<typeof modelOriginSchema>;

/** The 5th and 95th percentile of the artifact's background readings with the prediction normal. */
export const normalRangeSchema = z.object({ low: z.number(), high: z.number() });
export type NormalRange = z.infer<typeof normalRangeSchema>;

/** The response of `GET /model`: the active artifact. */
export const modelSchema = z.object({
  name: modelNameSchema,
  /** The type whose readings it scores. */
  type: answeredTypeSchema,
  family: z.string(),
  features: z.array(
    z.object({ name: z.string(), unit: z.string(), normal_range: normalRangeSchema.optional() }),
  ),
  class_names: z.tuple([z.string(), z.string()]),
  /** The class that counts as anomaly, as the files of an imported model call it. */
  anomaly_class: z.string(),
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

/** The response of `GET /models`: the verified artifacts of the model folder, and the faults of its other files. */
export const modelsSchema = z.object({
  type: answeredTypeSchema,
  active: modelNameSchema.nullable(),
  /** The previously active model, for a rollback. */
  previous: modelNameSchema.nullable(),
  models: z.array(
    modelSchema.extend({
      file: z.string(),
      /** False if the file was removed or overwritten. The model is then lost when the API stops. */
      on_disk: z.boolean().optional(),
      /** Why the model cannot be activated; absent if it can. */
      obstacle: z.string().optional(),
    }),
  ),
  faults: z.array(z.object({ file: z.string(), detail: z.string() })),
});
export type Models = z.infer<typeof modelsSchema>;

/** The query of `POST /models/{name}/activate`. */
export const activationQuerySchema = z.strictObject({
  /** Reports the effect without activating the model. */
  dry_run: z.stringbool({ truthy: ['true'], falsy: ['false'], case: 'sensitive' }).default(false),
  /** How many of the newest stored readings are scored by the new model. */
  last: numberFromQuery.pipe(z.int().min(0).max(10_000)).default(1000),
  /** Largest share of predictions that may change; above it, the model is not activated. */
  max_changed: numberFromQuery.pipe(z.number().min(0).max(1)).default(0.1),
});
export type ActivationQuery = z.infer<typeof activationQuerySchema>;

/** The response of `POST /models/{name}/activate`: how the new model changes the predictions of stored readings. */
export const activationSchema = z.object({
  type: answeredTypeSchema,
  model: modelNameSchema,
  previous: modelNameSchema.nullable(),
  activated: z.boolean(),
  gate: z.object({
    /** Number of readings that were scored again. */
    readings: z.int().nonnegative(),
    /** Number of changed predictions: in total, to 1 (anomaly) and to 0 (normal). */
    changed: z.int().nonnegative(),
    to_anomaly: z.int().nonnegative(),
    to_normal: z.int().nonnegative(),
    changed_share: z.number().min(0).max(1),
    max_changed: z.number().min(0).max(1),
    /** False if there was no reading to compare; `passed` is true then. */
    checked: z.boolean(),
    passed: z.boolean(),
  }),
  /** Both models on the same readings: the newest ones with feedback. */
  feedback: z.object({
    readings: z.int().nonnegative(),
    candidate: z.object(comparedShape),
    /** Null if the type has no model in use. */
    in_use: z.object(comparedShape).nullable(),
  }),
});
export type Activation = z.infer<typeof activationSchema>;
