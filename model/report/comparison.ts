import type { LoadedDataset } from '../dataset/parse-dataset.ts';
import type { TrainedModel, Training } from '../training/train-models.ts';

/** A column of the table that compares the families. */
export interface Column {
  readonly title: string;
  readonly value: (model: TrainedModel) => number;
  readonly show: (model: TrainedModel) => string;
  /** Chooses the best of the values. */
  readonly best: (...values: number[]) => number;
}

export const columns: readonly Column[] = [
  {
    ...share('CV accuracy', ({ crossValidation }) => crossValidation.mean),
    show: ({ crossValidation: { mean, sd } }) => `${mean.toFixed(4)} ± ${sd.toFixed(4)}`,
  },
  share('test accuracy', ({ test }) => test.accuracy),
  share('precision', ({ test }) => test.precision),
  share('recall', ({ test }) => test.recall),
  share('F1', ({ test }) => test.f1),
  share('ROC AUC', ({ test }) => test.roc_auc),
  {
    title: 'training',
    value: ({ fitSeconds }) => fitSeconds,
    show: ({ fitSeconds }) => `${fitSeconds.toFixed(2)} s`,
    best: Math.min,
  },
  {
    title: 'prediction',
    value: ({ predictionMicros }) => predictionMicros,
    show: ({ predictionMicros }) => `${predictionMicros.toFixed(1)} µs`,
    best: Math.min,
  },
];

function share(title: string, value: Column['value']): Column {
  return { title, value, show: (model) => value(model).toFixed(4), best: Math.max };
}

/** The share of label 1. */
export function shareOfOnes(labels: Uint8Array): number {
  return labels.reduce((sum, label) => sum + label, 0) / labels.length;
}

/** The test accuracy of always predicting the majority class. */
export function baselineAccuracy({ test: { labels } }: Training): number {
  return Math.max(shareOfOnes(labels), 1 - shareOfOnes(labels));
}

/** The number of rows of each class. */
export function describeClasses({ labels, classNames }: LoadedDataset): string {
  return classNames
    .map((name, label) => `${labels.filter((each) => each === label).length} ${name} (${label})`)
    .join(', ');
}

/** Names with their units. */
export function describeFeatures({ featureNames, units }: LoadedDataset): string {
  return featureNames.map((name, j) => (units[j] === '' ? name : `${name} [${units[j]}]`)).join(', ');
}
