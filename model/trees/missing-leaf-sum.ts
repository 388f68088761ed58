import { type LeafSum, leafMark, type Trees } from './trees.ts';

/** Trees in typed arrays with one entry per node, except for the roots. */
export interface MissingTrees {
  readonly roots: Int32Array;
  readonly feature: Int32Array;
  readonly threshold: Float64Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** 1 where a missing value goes left. */
  readonly goesLeft: Uint8Array;
  readonly weighted: Float64Array;
}

/** @param missingLeft one 0 or 1 per node */
export function toMissingTrees(trees: Trees, missingLeft: readonly number[], weight: number): MissingTrees {
  return {
    roots: Int32Array.from(trees.roots),
    feature: Int32Array.from(trees.feature),
    threshold: Float64Array.from(trees.threshold),
    left: Int32Array.from(trees.left),
    right: Int32Array.from(trees.right),
    goesLeft: Uint8Array.from(missingLeft),
    weighted: Float64Array.from(trees.value, (value) => weight * value),
  };
}

/**
 * The sum over all trees of `weight · value` of the leaf that a row reaches, in the order of the trees, where a missing value (NaN)
 * goes left at the nodes of `goesLeft`, else right. Thresholds and features are compared as float64
 * (sklearn/ensemble/_hist_gradient_boosting/_predictor.pyx, scikit-learn 1.2.1).
 */
export function createMissingLeafSum(trees: MissingTrees): LeafSum {
  const { roots, feature, threshold, left, right, goesLeft, weighted } = trees;
  return function leafSum(row, start) {
    let sum = start;
    for (const root of roots) {
      let node = root;
      while (feature[node] !== leafMark) {
        const value = row[feature[node]];
        const isLeft = Number.isNaN(value) ? goesLeft[node] === 1 : value <= threshold[node];
        node = isLeft ? left[node] : right[node];
      }
      sum += weighted[node];
    }
    return sum;
  };
}
