import { type Matrix, rowOf } from '../matrix.ts';
import { maxBackgroundRows } from './artifact-schema.ts';

const rowsFromDataset = 20;

/**
 * The rows whose scores are stored with a model: up to 20 rows, evenly spaced over the dataset, then one row
 * of the minimum of every feature and one of the maximum.
 */
export function chooseReferenceRows(features: Matrix): number[][] {
  return [...spacedRows(features, rowsFromDataset), edge(features, Math.min), edge(features, Math.max)];
}

/**
 * The rows that scores are explained against: up to 100 rows, evenly spaced over the rows that the model was
 * fitted on.
 */
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
