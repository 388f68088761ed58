import type { Matrix } from '../matrix.ts';

/** Labelled readings; the label of row i of `features` is `labels[i]`: 0 normal, 1 anomaly. */
export type Dataset = {
  readonly featureNames: readonly string[];
  readonly features: Matrix;
  readonly labels: Uint8Array;
};
