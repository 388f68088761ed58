import { z } from 'zod';
import { rocAuc } from './roc-auc.ts';

const share = z.number().min(0).max(1);
const count = z.int().nonnegative();

/** How well scores agree with labels; label 1 is the positive class. */
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
 * Counts as scikit-learn's metrics do. Precision is 0 where nothing is predicted as 1, and F1 where there is no true
 * positive (`zero_division` in sklearn/metrics/_classification.py).
 *
 * @param labels 0 or 1, both of them present
 * @param scores P(label 1), as many as labels
 * @param threshold a row is predicted as 1 where its score exceeds it
 * @throws RangeError when the lengths differ or one class is missing, because ROC AUC is then undefined
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
