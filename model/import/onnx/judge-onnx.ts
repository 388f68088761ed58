import { expit } from '../../classifiers/binary-classifier.ts';
import type { Classifier } from '../../classifiers/classifier.ts';
import { createPipeline, type Pipeline } from '../../pipeline.ts';
import { createTransform, type Scaler } from '../../scalers/scaler.ts';
import type { ImportedParts } from '../imported-parts.ts';
import type { Agreement } from '../reference-vectors.ts';
import { type Converted, convertOnnx } from './import-onnx.ts';
import { OnnxError, quote, toImportError } from './onnx-error.ts';
import { type Answer, loadRuntime, runOriginal } from './run-original.ts';
import type { Traced } from './trace-graph.ts';

/**
 * How far a score may be from that of the original, which counts in float32: every tree adds a rounding error, and the
 * terms that a support vector machine sums up cancel, so that more of theirs is left.
 */
export function judgeTolerance(classifier: Classifier): number {
  switch (classifier.family) {
    case 'support-vector-machine':
      return 1e-3;
    case 'random-forest':
    case 'gradient-boosting':
      return Math.max(1e-5, classifier.trees.roots.length * 2 ** -24);
    default:
      return 1e-5;
  }
}

/**
 * Runs the original in onnxruntime-node and compares: each score, or Platt's probability where the model has one, and
 * each label. A reading that lies within float32's rounding error of a tree's threshold may go another way in trees that
 * take float64; such a row is not compared, which is why `vectors` can be less than there are rows.
 *
 * @param rows unscaled readings, in the order of the model's features
 * @throws ImportError where the runtime is not installed, and where the two do not agree: which row, and how far
 */
export async function judgeOnnx(
  bytes: Uint8Array,
  source: string,
  rows: readonly number[][],
): Promise<Agreement> {
  try {
    const converted = convertOnnx(bytes);
    const runtime = await loadRuntime();
    const answers = await runOriginal(runtime, { bytes, traced: converted.traced, rows });
    return compareAnswers(
      { ...converted, tolerance: judgeTolerance(converted.parts.classifier) },
      rows,
      answers,
    );
  } catch (error) {
    throw toImportError(error, source);
  }
}

/** @throws OnnxError where the answers differ by more than float32 explains, or too few rows can be compared */
export function compareAnswers(
  { parts, traced, tolerance }: Converted & { tolerance: number },
  rows: readonly number[][],
  answers: readonly Answer[],
): Agreement {
  const pipeline = toPipeline(parts);
  const isUndecided = createIsUndecided(pipeline, parts.scaler, tolerance);
  let vectors = 0;
  let largest = 0;
  for (const [i, row] of rows.entries()) {
    const score = scoreOf(pipeline, row, i);
    const ours = traced.result.source.isCalibrated ? pipeline.calibratedProbability(row) : score;
    const theirs = toProbability(traced, answers[i]);
    const difference = Math.abs((ours ?? Number.NaN) - theirs);
    const isLabelOther = Math.abs(score - 0.5) > tolerance && hasOtherLabel(traced, answers[i], score > 0.5);
    if (difference <= tolerance && !isLabelOther) {
      vectors++;
      largest = Math.max(largest, difference);
    } else if (!isUndecided(row)) {
      const label = isLabelOther ? `, which labels it ${quote(answers[i].label ?? '')}` : '';
      throw new OnnxError(`row ${i} scores ${ours} here, and ${theirs} in onnxruntime-node${label}`, {
        remedy,
      });
    }
  }
  if (vectors > 0 && vectors * 2 >= rows.length) return { vectors, max_difference: largest };
  const problem = `only ${vectors} of ${rows.length} rows are clear of float32's rounding errors, too few to judge by`;
  throw new OnnxError(problem, { remedy });
}

const remedy = 'For a model of scikit-learn, import its own file (.pkl or .joblib) instead';

function toPipeline({ scaler, classifier, featureCount }: ImportedParts): Pipeline {
  const features = Array.from({ length: featureCount ?? 0 }, (_, j) => ({ name: `feature ${j}`, unit: '' }));
  return createPipeline({ name: 'onnx', features, scaler, classifier, threshold: 0.5 });
}

function scoreOf(pipeline: Pipeline, row: readonly number[], i: number): number {
  try {
    return pipeline.score(row);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new OnnxError(`row ${i} cannot be scored: ${reason}`, { cause, remedy });
  }
}

function toProbability({ result }: Traced, { scores }: Answer): number {
  if (result.kind === 'scores') return scores[result.labels.indexOf(1)];
  return expit(scores[result.column]);
}

function hasOtherLabel({ result }: Traced, { label }: Answer, isOne: boolean): boolean {
  const index = (result.source.classLabels ?? ['0', '1']).indexOf(label ?? '');
  return index >= 0 && index !== Number(isOne);
}

/** Whether a change of one feature by float32's rounding error changes the score by more than the tolerance. */
function createIsUndecided(pipeline: Pipeline, scaler: Scaler, tolerance: number) {
  const radius = createRadius(scaler, pipeline.featureNames.length);
  return (row: readonly number[]): boolean => {
    const score = pipeline.score(row);
    const radii = radius(row);
    return [-1, 1].some((sign) =>
      radii.some((r, j) => Math.abs(pipeline.score(row.with(j, row[j] + sign * r)) - score) > tolerance),
    );
  };
}

/** How far a feature may be off, in its own unit, when float32 rounds it, what is subtracted and what comes out. */
function createRadius(scaler: Scaler, width: number): (row: readonly number[]) => number[] {
  const transformRow = createTransform(scaler);
  const zero = new Float64Array(width);
  const one = new Float64Array(width);
  transformRow(new Float64Array(width), 0, zero);
  transformRow(new Float64Array(width).fill(1), 0, one);
  return (row) =>
    row.map((value, j) => {
      const slope = Math.abs(one[j] - zero[j]) || 1;
      return 2 ** -21 * (Math.abs(value) + Math.abs(zero[j]) / slope);
    });
}
