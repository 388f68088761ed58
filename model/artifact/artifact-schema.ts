import { z } from 'zod';
import { classifierSchema, featureFaults } from '../classifiers/classifier.ts';
import { metricsSchema } from '../evaluation/evaluate.ts';
import { maxFeatures } from '../matrix.ts';
import { scalerSchema, scalerWidths } from '../scalers/scaler.ts';

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in 64 lower-case hex digits');

const featureSchema = z.strictObject({ name: z.string().min(1), unit: z.string() });

/** How the model came about. `rows` counts the whole dataset; the model was fitted on `train_rows` of them only. */
const trainingSchema = z.strictObject({
  seed: z.int().nonnegative(),
  parameters: z.record(z.string(), z.union([z.number(), z.string()])),
  rows: z.int().positive(),
  train_rows: z.int().positive(),
  data_sha256: sha256Schema,
  test: metricsSchema,
});

/** Unscaled readings and what the model scored them when it was made. */
const referenceSchema = z.strictObject({
  rows: z.array(z.array(z.number())).min(1),
  scores: z.array(z.number().min(0).max(1)),
});

const contentsShape = {
  format: z.strictObject({
    id: z.literal('sensor-sentinel-pipeline'),
    version: z.literal(1, { error: 'expected format version 1' }),
  }),
  features: z.array(featureSchema).min(1).max(maxFeatures),
  scaler: scalerSchema,
  classifier: classifierSchema,
  threshold: z.number().min(0).max(1),
  training: trainingSchema,
  reference: referenceSchema,
};

const contentsSchema = z.strictObject(contentsShape);

/** All that the hash covers. */
export type ArtifactContents = z.infer<typeof contentsSchema>;

/**
 * A stored pipeline. `sha256` is that of the canonical JSON of everything but itself and `name`; `name` is the family
 * and the first eight digits of the hash, so that no two models share one.
 */
export const artifactSchema = z
  .strictObject({ ...contentsShape, name: z.string().min(1).max(64), sha256: sha256Schema })
  .superRefine((artifact, context) => {
    for (const fault of disagreements(artifact)) context.addIssue({ code: 'custom', ...fault });
  });
export type Artifact = z.infer<typeof artifactSchema>;

type Fault = { path: (string | number)[]; message: string };

/** Where parts that are well formed alone do not fit together. */
function disagreements({ features, scaler, classifier, reference }: ArtifactContents): Fault[] {
  const width = features.length;
  const names = features.map(({ name }) => name);
  const repeated = names.findIndex((name, i) => names.indexOf(name) < i);
  const ragged = reference.rows.findIndex((row) => row.length !== width);
  const faults: Fault[] = scalerWidths(scaler)
    .filter((part) => part.width !== width)
    .map((part) => ({ path: ['scaler', part.path], message: `${part.width} entries, expected ${width}` }));
  if (repeated >= 0)
    faults.push({ path: ['features', repeated], message: `"${names[repeated]}" is there twice` });
  if (ragged >= 0) faults.push({ path: ['reference', 'rows', ragged], message: `expected ${width} values` });
  if (reference.scores.length !== reference.rows.length) {
    faults.push({ path: ['reference', 'scores'], message: `expected ${reference.rows.length}, one per row` });
  }
  for (const fault of featureFaults(classifier, width)) {
    faults.push({ ...fault, path: ['classifier', ...fault.path] });
  }
  return faults;
}
