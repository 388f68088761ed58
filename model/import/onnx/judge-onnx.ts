import type { Classifier } from '../../classifiers/classifier.ts';
import { type Agreement, compareAnswers } from './compare-answers.ts';
import { convertOnnx } from './convert-onnx.ts';
import { loadRuntime } from './load-runtime.ts';
import { toImportError } from './onnx-error.ts';
import { runOriginal } from './run-original.ts';

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
