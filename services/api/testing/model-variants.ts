import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Artifact, createPipeline } from '@sensor-sentinel/model';
import { artifactSchema, sealArtifact, serializeArtifact } from '@sensor-sentinel/model/training';

const packaged = new URL('../../../model/artifacts/gradient-boosting.json', import.meta.url);

/** Changes the packaged artifact and seals it again, which gives another valid model. */
export function createVariant(change: (artifact: Artifact) => void = () => undefined): Artifact {
  const artifact = artifactSchema.parse(JSON.parse(readFileSync(packaged, 'utf8')));
  change(artifact);
  const pipeline = createPipeline(artifact);
  const { rows } = artifact.reference;
  const scores = rows.map((row) => pipeline.score(row.map((value) => value ?? Number.NaN)));
  return sealArtifact({ ...artifact, reference: { rows, scores } });
}

/** A variant whose scores have log-odds that are higher by `shift`. */
export function createShifted(shift: number): Artifact {
  return createVariant(({ classifier }) => {
    if (classifier.family !== 'gradient-boosting') throw new Error(`cannot shift ${classifier.family}`);
    classifier.init += shift;
  });
}

/** Writes an artifact into a model folder. */
export function writeModel(directory: string, file: string, artifact: Artifact): void {
  writeFileSync(join(directory, file), serializeArtifact(artifact));
}
