import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Pipeline } from '../pipeline.ts';
import { escapeControls } from '../table/escape-controls.ts';
import { ImportError } from './import-error.ts';

/** The largest difference from a score of scikit-learn, which computes in float64 as this package does. */
export const exactTolerance = 1e-10;

const maxVectors = 10_000;
const format = 'Expected {"rows": [[…], …], "scores": […]}, see docs/importing.md';

const vectorsSchema = z
  .object({
    rows: z.array(z.array(z.number().nullable())).min(1).max(maxVectors),
    scores: z.array(z.number().min(0).max(1)),
    predictions: z.array(z.union([z.number(), z.string(), z.boolean()])).optional(),
  })
  .refine(({ rows, scores }) => scores.length === rows.length, {
    path: ['scores'],
    error: 'expected one score per row',
  })
  .refine(({ rows, predictions }) => !predictions || predictions.length === rows.length, {
    path: ['predictions'],
    error: 'expected one prediction per row',
  });

/** Unscaled readings, null where a value is missing, and the original model's scores and predictions for them. */
export interface ReferenceVectors extends z.infer<typeof vectorsSchema> {
  readonly source: string;
}

/** @throws ImportError when the file cannot be read or has another format */
export async function loadReferenceVectors(path: string): Promise<ReferenceVectors> {
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw new ImportError(path, { problem: `cannot be read: ${cause.message}`, remedy: format, cause });
  });
  const parsed = vectorsSchema.safeParse(parseJson(text, path));
  if (parsed.success) return { ...parsed.data, source: path };
  const [{ path: place, message }] = parsed.error.issues;
  throw new ImportError(path, { problem: `${place.join('.') || 'the file'}: ${message}`, remedy: format });
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ImportError(source, { problem: `is not JSON: ${reason}`, remedy: format, cause });
  }
}

export interface Agreement {
  vectors: number;
  max_difference: number;
}

export interface Comparison {
  /** Undefined where the nearest neighbors of every row are tied. */
  readonly agreement: Agreement | undefined;
  /** How many rows have tied neighbors and one of the possible scores. */
  readonly tied: number;
}

/**
 * `labels` lists how a prediction of label 0 and of label 1 may be written. The first entry of each is shown
 * in messages.
 */
interface Expectation {
  readonly tolerance: number;
  readonly labels: readonly (readonly string[])[];
  /** Labels are not compared where the score is nearer to the threshold: there, they depend on rounding errors. */
  readonly openMargin: number;
  /** The scores that a row can get where the original model's choice of neighbors is not determined. */
  readonly toRange: (row: ArrayLike<number>) => readonly [number, number] | undefined;
  /** Whether the scores may be the probabilities of the file's second class, which is not the anomaly. */
  readonly isSwapped: boolean;
}

/**
 * Scores every row and compares the result with the original model's.
 *
 * @throws ImportError naming the first row whose score differs by more than the tolerance, or whose label
 *   differs
 */
export function checkAgreement(
  pipeline: Pipeline,
  { rows, predictions, source, ...vectors }: ReferenceVectors,
  { tolerance, labels, openMargin, toRange, isSwapped }: Expectation,
): Comparison {
  const own = rows.map((row, index) => scoreRow(pipeline, toNumbers(row), { source, index }));
  const turned = vectors.scores.map((score) => 1 - score);
  const isTurned = isSwapped && distance(own, turned) < distance(own, vectors.scores);
  const scores = isTurned ? turned : vectors.scores;
  let [largest, tied] = [0, 0];
  for (const [i, score] of own.entries()) {
    const row = toNumbers(rows[i]);
    const [low, high] = toRange(row) ?? [];
    if (
      low !== undefined &&
      high !== undefined &&
      scores[i] >= low - tolerance &&
      scores[i] <= high + tolerance
    ) {
      tied++;
      continue;
    }
    const difference = Math.abs(score - scores[i]);
    if (!(difference <= tolerance)) {
      throw new ImportError(source, {
        problem: `row ${i} scores ${score} after the import, but ${scores[i]} in the reference vectors: the difference ${difference} exceeds ${tolerance}`,
        remedy: explain(pipeline, { row, score: scores[i], tolerance }),
      });
    }
    largest = Math.max(largest, difference);
    const label = pipeline.toPrediction(score);
    const isOpen = Math.abs(score - pipeline.threshold) <= openMargin;
    if (predictions && !isOpen && !labels[label].includes(escapeControls(String(predictions[i])))) {
      throw new ImportError(source, {
        problem: `row ${i} is predicted ${label} (${labels[label][0]}) after the import, but ${predictions[i]} in the reference vectors; its score is ${score}`,
        remedy: 'Create the vectors with the model that you import',
      });
    }
  }
  const compared = rows.length - tied;
  return { agreement: compared > 0 ? { vectors: compared, max_difference: largest } : undefined, tied };
}

function distance(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0);
}

/** NaN is a missing value. */
function toNumbers(row: readonly (number | null)[]): number[] {
  return row.map((value) => value ?? Number.NaN);
}

function scoreRow(
  pipeline: Pipeline,
  row: number[],
  { source, index }: { source: string; index: number },
): number {
  try {
    return pipeline.score(row);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const remedy = `Each row must have unscaled values of ${pipeline.featureNames.join(', ')}`;
    throw new ImportError(source, {
      problem: `row ${index} cannot be scored: ${cause.message}`,
      remedy,
      cause,
    });
  }
}

/** The most likely cause of a different score. */
function explain(
  pipeline: Pipeline,
  { row, score, tolerance }: { row: number[]; score: number; tolerance: number },
): string {
  const isNear = (other: number | undefined) => other !== undefined && Math.abs(other - score) <= tolerance;
  if (isNear(pipeline.calibratedProbability(row))) {
    return 'The scores are those of predict_proba, but the score of an SVC is the logistic of decision_function';
  }
  if (isNear(1 - pipeline.score(row)))
    return 'The scores are probabilities of the other class: swap --classes, or the scores';
  return 'Create the vectors with the model and scaler that you import, from unscaled rows';
}
