import { type Matrix, rowOf } from '../matrix.ts';
import { maxBackgroundRows } from './artifact-schema.ts';

const rowsFromDataset = 20;

/** Up to twenty rows evenly spaced over the dataset, then the two edges: each feature's minimum, and its maximum. */
export function chooseReferenceRows(features: Matrix): number[][] {
  return [...spacedRows(features, rowsFromDataset), edge(features, Math.min), edge(features, Math.max)];
}

/** Up to a hundred rows evenly spaced over the rows that the model was fitted on. */
export function chooseBackgroundRows(trainFeatures: Matrix): number[][] {
  return spacedRows(trainFeatures, maxBackgroundRows);
}

function spacedRows(features: Matrix, most: number): number[][] {
  const count = Math.min(most, features.rows);
  return Array.from({ length: count }, (_, i) =>
    Array.from(rowOf(features, Math.floor((i * features.rows) / count))),
  );
}

function edge({ columns, values }: Matrix, choose: (a: number, b: number) => number): number[] {
  return Array.from({ length: columns }, (_, j) => {
    let chosen = values[j];
    for (let i = j; i < values.length; i += columns) chosen = choose(chosen, values[i]);
    return chosen;
  });
}
