import { z } from 'zod';
import { countAboveThresholds } from './curves.ts';

const share = z.number().min(0).max(1);
const count = z.int().nonnegative();

/** Metrics of scores against labels; label 1 is the positive class. */
export const metricsSchema = z.strictObject({
  rows: z.int().positive(),
  accuracy: share,
  precision: share,
  recall: share,
  f1: share,
  roc_auc: share,
  confusion: z.strictObject({
    true_negatives: count,
    false_positives: count,
    false_negatives: count,
    true_positives: count,
  }),
});
export type Metrics = z.infer<typeof metricsSchema>;

/**
 * Computes the metrics of scikit-learn (sklearn/metrics/_classification.py). Precision is 0 where no row is
 * predicted as 1, and F1 is 0 where there is no true positive (`zero_division=0`).
 *
 * @param labels 0 or 1; both occur
 * @param scores P(label 1), one per label
 * @param threshold a row is predicted as 1 where its score exceeds it
 * @throws RangeError when lengths differ, a score is not finite, or only one class occurs (ROC AUC is then
 *   undefined)
 */
export function evaluate(labels: Uint8Array, scores: Float64Array, threshold: number): Metrics {
  const roc_auc = rocAuc(labels, scores);
  const confusion = { true_negatives: 0, false_positives: 0, false_negatives: 0, true_positives: 0 };
  for (let i = 0; i < labels.length; i++) {
    if (scores[i] > threshold) confusion[labels[i] === 1 ? 'true_positives' : 'false_positives']++;
    else confusion[labels[i] === 1 ? 'false_negatives' : 'true_negatives']++;
  }
  const { true_negatives, false_positives, false_negatives, true_positives } = confusion;
  return {
    rows: labels.length,
    accuracy: (true_negatives + true_positives) / labels.length,
    precision: ratio(true_positives, true_positives + false_positives),
    recall: ratio(true_positives, true_positives + false_negatives),
    f1: ratio(2 * true_positives, 2 * true_positives + false_positives + false_negatives),
    roc_auc,
    confusion,
  };
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/**
 * Area under the ROC curve by the trapezoidal rule, as `roc_auc_score` in sklearn/metrics/_ranking.py: the
 * probability that a random row of label 1 scores higher than a random row of label 0, with ties counted half.
 *
 * @throws RangeError when lengths differ, a score is not finite, or only one class occurs
 */
export function rocAuc(labels: Uint8Array, scores: Float64Array): number {
  if (labels.length !== scores.length)
    throw new RangeError(`${labels.length} labels, ${scores.length} scores`);
  if (!scores.every(Number.isFinite)) throw new RangeError('a score is not a finite number');
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const negatives = labels.length - positives;
  if (positives === 0 || negatives === 0) {
    throw new RangeError(`ROC AUC needs both labels; no row has the label ${positives === 0 ? 1 : 0}`);
  }
  let area = 0;
  let before = { truePositives: 0, falsePositives: 0 };
  for (const counts of countAboveThresholds(labels, scores)) {
    const width = counts.falsePositives - before.falsePositives;
    area += (width * (before.truePositives + counts.truePositives)) / 2;
    before = counts;
  }
  return area / (positives * negatives);
}

/** `sd` is the population standard deviation (NumPy's default). */
export function meanAndSd(values: readonly number[]): { mean: number; sd: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, sd: Math.sqrt(variance) };
}
