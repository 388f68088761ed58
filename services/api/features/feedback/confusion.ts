import type { Accuracy } from '@sensor-sentinel/contracts';

/** Counts of predictions by label. Anomaly is the positive class. */
export type Confusion = Accuracy['confusion'];

type Label = 0 | 1;

export const confusionNames = ['true_negative', 'false_positive', 'false_negative', 'true_positive'] as const;

/** SQL conditions on rows of feedback. */
export const cellConditions: Record<keyof Confusion, string> = {
  true_negative: 'prediction = 0 AND label = 0',
  false_positive: 'prediction = 1 AND label = 0',
  false_negative: 'prediction = 0 AND label = 1',
  true_positive: 'prediction = 1 AND label = 1',
};

export const noConfusion: Confusion = {
  true_negative: 0,
  false_positive: 0,
  false_negative: 0,
  true_positive: 0,
};

export function toCell({ prediction, label }: { prediction: Label; label: Label }): keyof Confusion {
  if (prediction === 0) return label === 0 ? 'true_negative' : 'false_negative';
  return label === 0 ? 'false_positive' : 'true_positive';
}

export function addConfusion(a: Confusion, b: Confusion): Confusion {
  return {
    true_negative: a.true_negative + b.true_negative,
    false_positive: a.false_positive + b.false_positive,
    false_negative: a.false_negative + b.false_negative,
    true_positive: a.true_positive + b.true_positive,
  };
}

export function countLabeled(confusion: Confusion): number {
  return confusionNames.reduce((sum, name) => sum + confusion[name], 0);
}

/** Null where the divisor is 0. */
export function toFigures(confusion: Confusion) {
  const { true_negative: tn, false_positive: fp, false_negative: fn, true_positive: tp } = confusion;
  return {
    accuracy: toShare(tn + tp, tn + fp + fn + tp),
    precision: toShare(tp, tp + fp),
    recall: toShare(tp, tp + fn),
    f1: toShare(2 * tp, 2 * tp + fp + fn),
  };
}

function toShare(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
