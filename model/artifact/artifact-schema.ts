import { z } from 'zod';
import { classifierSchema, featureFaults } from '../classifiers/families.ts';
import { metricsSchema } from '../evaluation/evaluate.ts';
import { maxFeatures } from '../matrix.ts';
import { imputerSchema } from '../scalers/imputer.ts';
import { scalerSchema, scalerWidths } from '../scalers/scaler.ts';

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in 64 lower-case hex digits');

const share = z.number().min(0).max(1);

/** `accuracies` has one entry per fold. `sd` is the population standard deviation (NumPy's default). */
const crossValidationSchema = z.strictObject({
  folds: z.int().min(2),
  accuracies: z.array(share).min(2),
  mean: share,
  sd: z.number().nonnegative(),
});
export type CrossValidation = z.infer<typeof crossValidationSchema>;

/** The results of one classifier family among those trained on the same rows. */
const comparedSchema = z.strictObject({
  family: z.string().min(1),
  cross_validation: crossValidationSchema,
  test: metricsSchema,
});
export type Compared = z.infer<typeof comparedSchema>;

/**
 * A model trained by this package.
 *
 * - `rows`: rows of the dataset; the model was fitted on `train_rows` of them, and `test` was measured on the
 *   rest
 * - `library`: the library that fitted the classifier, if not this package
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
 * A model read from files of another library.
 *
 * - `estimator`: the steps found in the files, such as "StandardScaler → SVC"
 * - `classes`: the classes of the file that are label 0 and label 1, as the file writes them
 * - `agreement`: the largest difference between this package's scores and those of the original model on the
 *   same rows
 */
const importedSchema = z.strictObject({
  kind: z.literal('imported'),
  format: z.enum(['scikit-learn', 'onnx']),
  version: z.string(),
  estimator: z.string().min(1),
  classes: z.tuple([z.string().min(1), z.string().min(1)]).optional(),
  files: z.array(z.strictObject({ name: z.string().min(1), sha256: sha256Schema })).min(1),
  agreement: z
    .strictObject({ vectors: z.int().positive(), max_difference: z.number().nonnegative() })
    .optional(),
});

/** Where a model comes from. */
const originSchema = z.discriminatedUnion('kind', [trainedSchema, importedSchema]);
export type Origin = z.infer<typeof originSchema>;

export const maxBackgroundRows = 100;

const featureSchema = z.strictObject({ name: z.string().min(1), unit: z.string() });

/** Unscaled readings, null where a value is missing, and the scores that the model gave them when the artifact was made. */
const referenceSchema = z.strictObject({
  rows: z.array(z.array(z.number().nullable())).min(1),
  scores: z.array(z.number().min(0).max(1)),
});

const contentsShape = {
  format: z.strictObject({
    id: z.literal('sensor-sentinel-pipeline'),
    version: z.literal(2, { error: 'expected format version 2' }),
  }),
  /** The sensor type whose readings it scores. Artifacts without it are of the type `climate`. */
  type: z
    .string()
    .regex(/^[a-z][a-z0-9_-]{0,47}$/)
    .optional(),
  features: z.array(featureSchema).min(1).max(maxFeatures),
  /** The names of labels 0 and 1. */
  class_names: z.tuple([z.string().min(1), z.string().min(1)]),
  /** Replaces missing values; absent where none may be missing, or the classifier takes them. */
  imputer: imputerSchema.optional(),
  scaler: scalerSchema,
  classifier: classifierSchema,
  threshold: z.number().min(0).max(1),
  /** Unscaled readings that scores are explained against; empty where there are none. */
  background: z.array(z.array(z.number())).max(maxBackgroundRows),
  origin: originSchema,
  reference: referenceSchema,
};

const contentsSchema = z.strictObject(contentsShape);

/** Everything that the hash covers. */
export type ArtifactContents = z.infer<typeof contentsSchema>;

/**
 * A stored pipeline. `sha256` is the SHA-256 of the canonical JSON of everything except `sha256` and `name`.
 * `name` is the classifier family and the first eight digits of the hash, so it is unique.
 */
export const artifactSchema = z
  .strictObject({ ...contentsShape, name: z.string().min(1).max(64), sha256: sha256Schema })
  .superRefine((artifact, context) => {
    for (const fault of disagreements(artifact)) context.addIssue({ code: 'custom', ...fault });
  });
export type Artifact = z.infer<typeof artifactSchema>;

interface Fault {
  path: (string | number)[];
  message: string;
}

/** Where parts that are valid alone do not fit together. */
function disagreements(artifact: ArtifactContents): Fault[] {
  const { features, imputer, scaler, classifier, background, reference } = artifact;
  const width = features.length;
  const names = features.map(({ name }) => name);
  const repeated = names.findIndex((name, i) => names.indexOf(name) < i);
  const faults: Fault[] = scalerWidths(scaler)
    .filter((part) => part.width !== width)
    .map((part) => ({ path: ['scaler', part.path], message: `${part.width} entries, expected ${width}` }));
  if (repeated >= 0)
    faults.push({ path: ['features', repeated], message: `"${names[repeated]}" is listed twice` });
  if (imputer && imputer.fill.length !== width) {
    faults.push({
      path: ['imputer', 'fill'],
      message: `${imputer.fill.length} entries, expected ${width}`,
    });
  }
  for (const { path, rows } of [
    { path: ['background'], rows: background },
    { path: ['reference', 'rows'], rows: reference.rows },
  ]) {
    const ragged = rows.findIndex((row) => row.length !== width);
    if (ragged >= 0) faults.push({ path: [...path, ragged], message: `expected ${width} values` });
  }
  if (reference.scores.length !== reference.rows.length) {
    faults.push({ path: ['reference', 'scores'], message: `expected ${reference.rows.length}, one per row` });
  }
  for (const fault of featureFaults(classifier, width)) {
    faults.push({ ...fault, path: ['classifier', ...fault.path] });
  }
  return faults;
}
