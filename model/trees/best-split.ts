/** Values closer than this are not told apart: `FEATURE_THRESHOLD`, a float32, of sklearn/tree/_splitter.pyx. */
const featureThreshold = Math.fround(1e-7);

/** A node's rows, `order[j][start … end − 1]`, sorted by each column j, and the sum of their targets. */
export type NodeRows = {
  readonly order: readonly Int32Array[];
  readonly start: number;
  readonly end: number;
  readonly sum: number;
};

/** The first `count` rows of the node, in the order of `feature`, go left. */
export type Split = {
  readonly feature: number;
  readonly threshold: number;
  readonly count: number;
  readonly gain: number;
};

/**
 * The split with the largest improvement of Friedman's mean squared error, `(nR·sumL − nL·sumR)² / (nL·nR)`
 * (Friedman, Annals of Statistics 29 (2001), equation 35; `FriedmanMSE.proxy_impurity_improvement` in
 * sklearn/tree/_criterion.pyx, scikit-learn 1.2.1). Of equal improvements the lowest column, then the lowest threshold,
 * wins; scikit-learn draws the order of the columns.
 *
 * @param columns the features as float32, one array per column, indexed by row
 * @param target what the tree is fitted to, indexed by row
 * @returns undefined where every column is constant or each split leaves a side too few rows
 */
export function findBestSplit(
  {
    columns,
    target,
    minSamplesLeaf,
  }: { columns: Float32Array[]; target: Float64Array; minSamplesLeaf: number },
  { order, start, end, sum }: NodeRows,
): Split | undefined {
  let best: Split | undefined;
  let bestGain = Number.NEGATIVE_INFINITY;
  for (let feature = 0; feature < columns.length; feature++) {
    const values = columns[feature];
    const rows = order[feature];
    let leftSum = 0;
    for (let i = start + 1; i < end; i++) {
      leftSum += target[rows[i - 1]];
      const below = values[rows[i - 1]];
      const above = values[rows[i]];
      if (above <= Math.fround(below + featureThreshold)) continue;
      const lefts = i - start;
      const rights = end - i;
      if (lefts < minSamplesLeaf || rights < minSamplesLeaf) continue;
      const difference = rights * leftSum - lefts * (sum - leftSum);
      const gain = (difference * difference) / (lefts * rights);
      if (gain > bestGain) {
        bestGain = gain;
        best = { feature, threshold: midpoint(below, above), count: lefts, gain };
      }
    }
  }
  return best;
}

/** In float64, halved before the sum; the lower value where rounding would move the upper one to the left. */
function midpoint(below: number, above: number): number {
  const middle = below / 2 + above / 2;
  return middle === above || !Number.isFinite(middle) ? below : middle;
}
