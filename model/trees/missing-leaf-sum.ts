import { type LeafSum, leafMark, type Trees } from './trees.ts';

/**
 * The sum over all trees of `weight · value` of the leaf that a row reaches, in the order of the trees, where a missing value (NaN)
 * goes left at the nodes of `missingLeft`, else right. Thresholds and features are compared as float64
 * (sklearn/ensemble/_hist_gradient_boosting/_predictor.pyx, scikit-learn 1.2.1).
 *
 * @param missingLeft one 0 or 1 per node
 */
export function createMissingLeafSum(
  { roots, ...trees }: Trees,
  missingLeft: readonly number[],
  weight: number,
): LeafSum {
  const feature = Int32Array.from(trees.feature);
  const threshold = Float64Array.from(trees.threshold);
  const left = Int32Array.from(trees.left);
  const right = Int32Array.from(trees.right);
  const weighted = Float64Array.from(trees.value, (value) => weight * value);
  const goesLeft = Uint8Array.from(missingLeft);
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
