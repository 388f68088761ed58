import { expit } from '../../classifiers/binary-classifier.ts';
import type { Classifier } from '../../classifiers/families.ts';
import { createPipeline, type Pipeline } from '../../pipeline.ts';
import { centerOf, type Scaler } from '../../scalers/scaler.ts';
import type { ImportedParts } from '../imported-parts.ts';
import type { Agreement } from '../reference-vectors.ts';
import { type Converted, convertOnnx } from './import-onnx.ts';
import { OnnxError, quote, toImportError } from './onnx-error.ts';
import { loadRuntime, type RuntimeOutput, runOriginal } from './run-original.ts';
import type { Traced } from './trace-graph.ts';

/**
 * The largest difference from a score of the original, which computes in float32. Each tree adds a rounding
 * error. The terms of a support vector machine cancel, which leaves a larger relative error.
 */
export function verificationTolerance(classifier: Classifier): number {
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
 * Runs the original model in onnxruntime-node and compares its scores (Platt's probabilities where the model
 * has them) and labels. A reading within float32's rounding error of a threshold may take another branch in
 * trees with float64 inputs. Such rows are not compared, so `vectors` can be smaller than the number of rows.
 *
 * @param rows unscaled readings, in the order of the model's features
 * @throws ImportError when the runtime is not installed, or a score or label differs
 */
export async function verifyOnnx(
  bytes: Uint8Array,
  source: string,
  rows: readonly number[][],
): Promise<Agreement> {
  try {
    const converted = convertOnnx(bytes);
    const runtime = await loadRuntime();
    const outputs = await runOriginal(runtime, { bytes, traced: converted.traced, rows });
    return compareOutputs(
      { ...converted, tolerance: verificationTolerance(converted.parts.classifier) },
      rows,
      outputs,
    );
  } catch (error) {
    throw toImportError(error, source);
  }
}

/**
 * @throws OnnxError where an output differs by more than float32 explains, or too few rows can be compared
 */
export function compareOutputs(
  { parts, traced, tolerance }: Converted & { tolerance: number },
  rows: readonly number[][],
  outputs: readonly RuntimeOutput[],
): Agreement {
  const pipeline = toPipeline(parts);
  const isUndecided = createIsUndecided(pipeline, parts.scaler, tolerance);
  let vectors = 0;
  let largest = 0;
  for (const [i, row] of rows.entries()) {
    const score = scoreOf(pipeline, row, i);
    const ours = traced.result.source.isCalibrated ? pipeline.calibratedProbability(row) : score;
    const theirs = toProbability(traced, outputs[i]);
    const difference = Math.abs((ours ?? Number.NaN) - theirs);
    const isLabelOther = Math.abs(score - 0.5) > tolerance && hasOtherLabel(traced, outputs[i], score > 0.5);
    if (difference <= tolerance && !isLabelOther) {
      vectors++;
      largest = Math.max(largest, difference);
    } else if (!isUndecided(row)) {
      const label = isLabelOther ? `, which labels it ${quote(outputs[i].label ?? '')}` : '';
      throw new OnnxError(
        `row ${i} scores ${ours} after the import, but ${theirs} in onnxruntime-node${label}`,
        {
          remedy,
        },
      );
    }
  }
  if (vectors > 0 && vectors * 2 >= rows.length) return { vectors, max_difference: largest };
  const problem = `only ${vectors} of ${rows.length} rows are outside float32's rounding error, too few for a comparison`;
  throw new OnnxError(problem, { remedy });
}

const remedy = 'If it is a scikit-learn model, import the .pkl or .joblib file instead';

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

function toProbability({ result }: Traced, { scores }: RuntimeOutput): number {
  if (result.kind === 'scores') return scores[result.labels.indexOf(1)];
  return expit(scores[result.column]);
}

function hasOtherLabel({ result }: Traced, { label }: RuntimeOutput, isOne: boolean): boolean {
  const index = (result.source.classLabels ?? ['0', '1']).indexOf(label ?? '');
  return index >= 0 && index !== Number(isOne);
}

/** Whether changing one feature by float32's rounding error changes the score by more than the tolerance. */
function createIsUndecided(pipeline: Pipeline, scaler: Scaler, tolerance: number) {
  const centers = centersOf(scaler);
  return (row: readonly number[]): boolean => {
    const score = pipeline.score(row);
    return row.some((value, j) => {
      // The error when float32 rounds the value, the center and their difference.
      const error = 2 ** -21 * (Math.abs(value) + Math.abs(centers?.[j] ?? 0));
      return [value - error, value + error].some(
        (other) => Math.abs(pipeline.score(row.with(j, other)) - score) > tolerance,
      );
    });
  };
}

/** The values that are scaled to 0. */
function centersOf(scaler: Scaler): number[] | undefined {
  if (scaler.kind === 'none') return undefined;
  return scaler.kind === 'min-max' ? scaler.min.map((min, j) => -min / scaler.scale[j]) : centerOf(scaler);
}
