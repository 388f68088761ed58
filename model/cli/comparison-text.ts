import type { LoadedDataset } from '../dataset/load-dataset.ts';
import type { TrainedModel, Training } from '../training/train-models.ts';

const columns: readonly { title: string; show: (model: TrainedModel) => string }[] = [
  { title: 'family', show: ({ family }) => family },
  {
    title: 'CV accuracy',
    show: ({ crossValidation: { mean, sd } }) => `${toShare(mean)} ± ${toShare(sd)}`,
  },
  { title: 'test accuracy', show: ({ test }) => toShare(test.accuracy) },
  { title: 'precision', show: ({ test }) => toShare(test.precision) },
  { title: 'recall', show: ({ test }) => toShare(test.recall) },
  { title: 'F1', show: ({ test }) => toShare(test.f1) },
  { title: 'ROC AUC', show: ({ test }) => toShare(test.roc_auc) },
  { title: 'training', show: ({ fitSeconds }) => `${fitSeconds.toFixed(2)} s` },
  { title: 'prediction', show: ({ predictionMicros }) => `${predictionMicros.toFixed(1)} µs` },
];

/** What was read, and how it was understood. */
export function describeDataset({
  features,
  featureNames,
  units,
  labels,
  classNames,
  remarks,
}: LoadedDataset): string {
  const ones = labels.reduce((sum, label) => sum + label, 0);
  const named = featureNames.map((name, j) => (units[j] === '' ? name : `${name} [${units[j]}]`));
  return [
    `${features.rows} rows: ${labels.length - ones} ${classNames[0]} (0), ${ones} ${classNames[1]} (1)`,
    `${named.length} feature${named.length === 1 ? '' : 's'}: ${named.join(', ')}`,
    ...remarks.map((remark) => `note: ${remark}`),
  ].join('\n');
}

/** The comparison as a table, what fell out, and who won. */
export function describeTraining({ models, failures, winner, test: { labels } }: Training): string {
  const ones = labels.reduce((sum, label) => sum + label, 0) / labels.length;
  const rows = [
    columns.map(({ title }) => title),
    ...models.map((model) => columns.map(({ show }) => show(model))),
  ];
  const widths = columns.map((_, j) => Math.max(...rows.map((row) => row[j].length)));
  const lines = rows.map((row) =>
    row.map((cell, j) => (j === 0 ? cell.padEnd(widths[j]) : cell.padStart(widths[j]))).join('  '),
  );
  return [
    ...lines,
    '',
    ...failures.map(({ family, reason }) => `${family} cannot learn from these rows: ${reason}`),
    ...models.flatMap(({ family, library }) => (library ? [`${family} was trained with ${library}`] : [])),
    `for comparison: the commoner class, always answered, has a test accuracy of ${toShare(Math.max(ones, 1 - ones))}`,
    `the winner, by cross-validation: ${winner.family}`,
  ].join('\n');
}

function toShare(value: number): string {
  return value.toFixed(4);
}
