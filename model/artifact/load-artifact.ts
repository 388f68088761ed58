import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { createPipeline, type Pipeline } from '../pipeline.ts';
import { type Artifact, artifactSchema } from './artifact-schema.ts';
import { sealArtifact } from './seal-artifact.ts';

/** @throws ArtifactError when the file cannot be read or must not be used */
export async function loadArtifact(path: string): Promise<LoadedArtifact> {
  const text = await readFile(path, 'utf8').catch((cause) => {
    const remedy = 'Run `npm run train` to make it, or name another file';
    throw new ArtifactError(path, { problem: `cannot be read: ${cause.message}`, remedy, cause });
  });
  return parseArtifact(text, path);
}

/** How far a reference row's score may be from the stored one: room for another machine's `exp`, not for a fault. */
export const scoreTolerance = 1e-12;

const maxFaultsShown = 5;
const retrain = 'Run `npm run train` or `npm run model:import` to make it anew, or restore the file from git';

/** Proof of what was loaded: the hashes, and how closely the reference rows were scored again. */
export interface Certificate {
  readonly sha256: string;
  /** Of the rows it was trained on, where this package trained it. */
  readonly data_sha256?: string;
  readonly reference_vectors: number;
  readonly max_difference: number;
}

export interface LoadedArtifact {
  readonly artifact: Artifact;
  readonly pipeline: Pipeline;
  readonly certificate: Certificate;
}

/**
 * Reads an artifact and trusts nothing in it: it is JSON, has the shape of an artifact, its trees can be walked, its
 * hash and name are its own, and it scores its reference rows as it did when it was made.
 *
 * @param source the file's name, for the messages
 * @throws ArtifactError
 */
export function parseArtifact(text: string, source: string): LoadedArtifact {
  const value = parseJson(text, source);
  const artifact = toArtifact(value, source);
  // The schema drops a key named __proto__, so the hash is taken of the value in the file, whose shape is now known.
  const sealed = sealArtifact(value as Artifact);
  if (sealed.sha256 !== artifact.sha256) {
    const problem = `sha256 is ${artifact.sha256}, but that of the contents is ${sealed.sha256}: the file was changed`;
    throw new ArtifactError(source, { problem, remedy: retrain });
  }
  if (sealed.name !== artifact.name) {
    const problem = `name is "${artifact.name}", expected "${sealed.name}"`;
    throw new ArtifactError(source, { problem, remedy: retrain });
  }
  const pipeline = createPipeline(artifact);
  return {
    artifact,
    pipeline,
    certificate: {
      sha256: artifact.sha256,
      ...(artifact.origin.kind === 'trained' && { data_sha256: artifact.origin.data_sha256 }),
      reference_vectors: artifact.reference.rows.length,
      max_difference: checkReference(artifact, pipeline, source),
    },
  };
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ArtifactError(source, { problem: `is not JSON: ${reason}`, remedy: retrain, cause });
  }
}

function toArtifact(value: unknown, source: string): Artifact {
  const parsed = artifactSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const shown = issues.slice(0, maxFaultsShown).map(toText);
  if (issues.length > maxFaultsShown) shown.push(`${issues.length - maxFaultsShown} more`);
  throw new ArtifactError(source, { problem: shown.join('; '), remedy: retrain, cause: parsed.error });
}

function toText({ path, message }: z.core.$ZodIssue): string {
  return path.length === 0 ? message : `${path.join('.')}: ${message}`;
}

/** @returns the largest difference between a stored score and the one computed now */
function checkReference({ reference }: Artifact, pipeline: Pipeline, source: string): number {
  let largest = 0;
  for (const [i, row] of reference.rows.entries()) {
    const score = scoreReference(pipeline, row, `${source}: reference.rows.${i}`);
    const difference = Math.abs(score - reference.scores[i]);
    if (!(difference <= scoreTolerance)) {
      const problem = `reference.rows.${i} scores ${score}, expected ${reference.scores[i]} within ${scoreTolerance}`;
      const remedy = `The code no longer scores as the code that made the file. ${retrain}`;
      throw new ArtifactError(source, { problem, remedy });
    }
    largest = Math.max(largest, difference);
  }
  return largest;
}

function scoreReference(pipeline: Pipeline, row: readonly number[], source: string): number {
  try {
    return pipeline.score(row);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ArtifactError(source, { problem: `cannot be scored: ${reason}`, remedy: retrain, cause });
  }
}

/** An artifact that must not be used: which file, where in it, what is wrong, and how to mend it. */
export class ArtifactError extends Error {
  readonly source: string;

  constructor(
    source: string,
    { problem, remedy, cause }: { problem: string; remedy: string; cause?: unknown },
  ) {
    super(`${source}: ${problem}. ${remedy}.`, { cause });
    this.name = 'ArtifactError';
    this.source = source;
  }
}
