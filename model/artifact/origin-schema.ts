import { z } from 'zod';
import { metricsSchema } from '../evaluation/evaluate.ts';
import { sha256Schema } from './sha256-schema.ts';

const share = z.number().min(0).max(1);

/** One accuracy per fold; the standard deviation is that of the population, as NumPy's. */
const crossValidationSchema = z.strictObject({
  folds: z.int().min(2),
  accuracies: z.array(share).min(2),
  mean: share,
  sd: z.number().nonnegative(),
});
export type CrossValidation = z.infer<typeof crossValidationSchema>;

/** One family of those that were trained on the same rows and compared. */
const comparedSchema = z.strictObject({
  family: z.string().min(1),
  cross_validation: crossValidationSchema,
  test: metricsSchema,
});
export type Compared = z.infer<typeof comparedSchema>;

/**
 * Trained by this package. `rows` counts the whole dataset; the model was fitted on `train_rows` of them only, and
 * `test` was measured on the others. `library`: what trained it, where that is not this package alone.
 */
const trainedSchema = z.strictObject({
  kind: z.literal('trained'),
  seed: z.int().nonnegative(),
  parameters: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  rows: z.int().positive(),
  train_rows: z.int().positive(),
  data_sha256: sha256Schema,
  library: z.string().optional(),
  test: metricsSchema,
  cross_validation: crossValidationSchema.optional(),
  comparison: z.array(comparedSchema),
});

/**
 * Read from files of another library. `estimator` tells what they held, such as "StandardScaler → SVC";
 * `agreement`: how far this package's scores were from those that the other library gave for the same rows.
 */
const importedSchema = z.strictObject({
  kind: z.literal('imported'),
  format: z.enum(['scikit-learn', 'onnx']),
  version: z.string(),
  estimator: z.string().min(1),
  files: z.array(z.strictObject({ name: z.string().min(1), sha256: sha256Schema })).min(1),
  agreement: z
    .strictObject({ vectors: z.int().positive(), max_difference: z.number().nonnegative() })
    .optional(),
});

/** How a model came about. */
export const originSchema = z.discriminatedUnion('kind', [trainedSchema, importedSchema]);
export type Origin = z.infer<typeof originSchema>;
