import { z } from 'zod';
import { classifierSchema, featureFaults } from '../classifiers/classifier.ts';
import { maxFeatures } from '../matrix.ts';
import { scalerSchema, scalerWidths } from '../scalers/scaler.ts';
import { originSchema } from './origin-schema.ts';
import { sha256Schema } from './sha256-schema.ts';

export const maxBackgroundRows = 100;

const featureSchema = z.strictObject({ name: z.string().min(1), unit: z.string() });

/** Unscaled readings and what the model scored them when it was made. */
const referenceSchema = z.strictObject({
  rows: z.array(z.array(z.number())).min(1),
  scores: z.array(z.number().min(0).max(1)),
});

const contentsShape = {
  format: z.strictObject({
    id: z.literal('sensor-sentinel-pipeline'),
    version: z.literal(2, { error: 'expected format version 2' }),
  }),
  features: z.array(featureSchema).min(1).max(maxFeatures),
  /** What labels 0 and 1 are called. */
  class_names: z.tuple([z.string().min(1), z.string().min(1)]),
  scaler: scalerSchema,
  classifier: classifierSchema,
  threshold: z.number().min(0).max(1),
  /** Unscaled readings against which scores are explained; empty where none were to be had. */
  background: z.array(z.array(z.number())).max(maxBackgroundRows),
  origin: originSchema,
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
function disagreements({ features, scaler, classifier, background, reference }: ArtifactContents): Fault[] {
  const width = features.length;
  const names = features.map(({ name }) => name);
  const repeated = names.findIndex((name, i) => names.indexOf(name) < i);
  const faults: Fault[] = scalerWidths(scaler)
    .filter((part) => part.width !== width)
    .map((part) => ({ path: ['scaler', part.path], message: `${part.width} entries, expected ${width}` }));
  if (repeated >= 0)
    faults.push({ path: ['features', repeated], message: `"${names[repeated]}" is there twice` });
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
