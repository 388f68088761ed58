import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { assemblePipeline, type Pipeline, type PreparedPipeline, preparePipeline } from '../pipeline.ts';
import { type Artifact, artifactSchema } from './artifact-schema.ts';
import { sealArtifact } from './seal-artifact.ts';

/**
 * Reads and checks an artifact file.
 *
 * @throws ArtifactError when the file cannot be read or fails a check of `parseArtifact`
 */
export async function loadArtifact(path: string): Promise<LoadedArtifact> {
  const text = await readFile(path, 'utf8').catch((cause) => {
    const remedy = 'Run `npm run train` to create it, or name another file';
    throw new ArtifactError(path, { problem: `cannot be read: ${cause.message}`, remedy, cause });
  });
  return parseArtifact(text, path);
}

/**
 * The largest allowed difference between a stored reference score and the recomputed one. It leaves room for
 * another machine's `exp`.
 */
export const scoreTolerance = 1e-12;

const maxFaultsShown = 5;
const retrain = 'Run `npm run train` or `npm run model:import` to recreate it, or restore the file from git';

/** What was verified on loading: the hashes, and how closely the reference scores were reproduced. */
export interface Certificate {
  readonly sha256: string;
  /** SHA-256 of the training data, for a model trained by this package. */
  readonly data_sha256?: string;
  readonly reference_vectors: number;
  readonly max_difference: number;
}

export interface LoadedArtifact {
  readonly artifact: Artifact;
  /** What `pipeline` was assembled from. */
  readonly prepared: PreparedPipeline;
  readonly pipeline: Pipeline;
  readonly certificate: Certificate;
}

/**
 * Parses an artifact and verifies it: valid JSON that matches the schema, trees that can be walked, the right
 * hash and name, and reference rows that still get their stored scores.
 *
 * @param source the file's name, for error messages
 * @throws ArtifactError when a check fails
 */
export function parseArtifact(text: string, source: string): LoadedArtifact {
  const value = parseJson(text, source);
  const artifact = toArtifact(value, source);
  // The schema drops a key named __proto__, so the hash is computed on the parsed JSON, whose shape is now
  // verified.
  const sealed = sealArtifact(value as Artifact);
  if (sealed.sha256 !== artifact.sha256) {
    const problem = `sha256 is ${artifact.sha256}, but the contents hash to ${sealed.sha256}: the file was changed`;
    throw new ArtifactError(source, { problem, remedy: retrain });
  }
  if (sealed.name !== artifact.name) {
    const problem = `name is "${artifact.name}", expected "${sealed.name}"`;
    throw new ArtifactError(source, { problem, remedy: retrain });
  }
  const prepared = preparePipeline(artifact);
  const pipeline = assemblePipeline(prepared);
  return {
    artifact,
    prepared,
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

/** @returns the largest difference between a stored score and the recomputed one */
function checkReference({ reference }: Artifact, pipeline: Pipeline, source: string): number {
  let largest = 0;
  for (const [i, row] of reference.rows.entries()) {
    const score = scoreReference(pipeline, row, `${source}: reference.rows.${i}`);
    const difference = Math.abs(score - reference.scores[i]);
    if (!(difference <= scoreTolerance)) {
      const problem = `reference.rows.${i} scores ${score}, expected ${reference.scores[i]} within ${scoreTolerance}`;
      const remedy = `This version of the code scores differently from the one that made the file. ${retrain}`;
      throw new ArtifactError(source, { problem, remedy });
    }
    largest = Math.max(largest, difference);
  }
  return largest;
}

function scoreReference(pipeline: Pipeline, row: readonly (number | null)[], source: string): number {
  try {
    return pipeline.score(row.map((value) => value ?? Number.NaN));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ArtifactError(source, { problem: `cannot be scored: ${reason}`, remedy: retrain, cause });
  }
}

/**
 * An artifact that fails a check. The message names the file, the place in it, the problem and the remedy.
 */
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
