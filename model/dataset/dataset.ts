import type { Matrix } from '../matrix.ts';

/** Labelled readings; the label of row i of `features` is `labels[i]`: 0 normal, 1 anomaly. */
export type Dataset = {
  readonly featureNames: readonly string[];
  readonly features: Matrix;
  readonly labels: Uint8Array;
};

/** A dataset that somebody else wrote, and how it was understood. */
export type ParsedDataset = Dataset & {
  /** One per feature; empty where it is not known. */
  readonly units: readonly string[];
  /** What labels 0 and 1 are called. */
  readonly classNames: readonly [string, string];
  /** What was left out, what was taken for granted, and what looks odd: a sentence each. */
  readonly remarks: readonly string[];
};
