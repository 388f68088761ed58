/** Values closer than this count as equal: `FEATURE_THRESHOLD`, a float32, in sklearn/tree/_splitter.pyx. */
const featureThreshold = Math.fround(1e-7);

/** The columns to search for a split; they may differ from node to node. */
export interface ColumnChoice {
  /** How many columns to search, constant ones included; more where all of these are constant. */
  readonly count: number;
  /** The column to search after `visited` others of the same node. */
  pick(visited: number): number;
}

/** What a tree is fitted to. `target` and `weight` are indexed by row. */
export interface Search {
  /** The features as float32, one array per column. */
  readonly columns: readonly Float32Array[];
  readonly target: Float64Array;
  /** How often each row counts. */
  readonly weight: Float64Array;
  readonly choice: ColumnChoice;
  readonly minSamplesLeaf: number;
}

/**
 * The rows of a node: `order[j][start … end − 1]`, sorted by column j, with the sums of weight and of weight
 * · target.
 */
export interface NodeRows {
  readonly order: readonly Int32Array[];
  readonly start: number;
  readonly end: number;
  readonly weight: number;
  readonly sum: number;
}

/** The first `count` rows of the node, in the order of column `feature`, go left. */
export interface Split {
  readonly feature: number;
  readonly threshold: number;
  readonly count: number;
  readonly gain: number;
}

/**
 * The split with the largest improvement of Friedman's mean squared error, `(wR·sumL − wL·sumR)² / (wL·wR)`
 * (Friedman, Annals of Statistics 29 (2001), equation 35; `FriedmanMSE.proxy_impurity_improvement` in
 * sklearn/tree/_criterion.pyx, scikit-learn 1.2.1). Within a node it is proportional to the improvement of
 * the mean squared error and, for targets of 0 and 1, of the Gini impurity, so all three criteria choose the
 * same split. Of equal improvements, the column searched first wins, then the lowest threshold.
 *
 * @returns undefined where every column is constant or every split leaves too few rows on one side
 */
export function findBestSplit(search: Search, node: NodeRows): Split | undefined {
  const { columns, choice } = search;
  let best: Split | undefined;
  let varying = 0;
  for (let visited = 0; visited < columns.length; visited++) {
    if (visited >= choice.count && varying > 0) break;
    const feature = choice.pick(visited);
    const split = findBestCut(search, node, feature);
    if (split === 'constant') continue;
    varying++;
    if (split.gain > (best?.gain ?? Number.NEGATIVE_INFINITY)) best = split;
  }
  return best;
}

/** The best split by one column. Its gain is −∞ where every split leaves too few rows on one side. */
function findBestCut(
  { columns, target, weight, minSamplesLeaf }: Search,
  { order, start, end, weight: total, sum }: NodeRows,
  feature: number,
): Split | 'constant' {
  const values = columns[feature];
  const rows = order[feature];
  if (!isAbove(values[rows[end - 1]], values[rows[start]])) return 'constant';
  let gain = Number.NEGATIVE_INFINITY;
  let cut = start;
  let leftWeight = 0;
  let leftSum = 0;
  for (let i = start + 1; i < end; i++) {
    const row = rows[i - 1];
    leftWeight += weight[row];
    leftSum += weight[row] * target[row];
    if (!isAbove(values[rows[i]], values[row])) continue;
    if (i - start < minSamplesLeaf || end - i < minSamplesLeaf) continue;
    const rightWeight = total - leftWeight;
    const difference = rightWeight * leftSum - leftWeight * (sum - leftSum);
    const gainHere = (difference * difference) / (leftWeight * rightWeight);
    if (gainHere > gain) {
      gain = gainHere;
      cut = i;
    }
  }
  const threshold = gain < 0 ? 0 : midpoint(values[rows[cut - 1]], values[rows[cut]]);
  return { feature, threshold, count: cut - start, gain };
}

function isAbove(value: number, below: number): boolean {
  return value > Math.fround(below + featureThreshold);
}

/** The midpoint in float64, without overflow. The lower value where the midpoint rounds to the upper one. */
function midpoint(below: number, above: number): number {
  const middle = below / 2 + above / 2;
  return middle === above || !Number.isFinite(middle) ? below : middle;
}
