import { z } from 'zod';
import { createRandom, type Random } from '../dataset/random.ts';
import type { Matrix } from '../matrix.ts';
import type { ColumnChoice } from '../trees/best-split.ts';
import { createTreeGrower, type Growth } from '../trees/grow-tree.ts';
import { createLeafSum } from '../trees/leaf-sum.ts';
import { appendTree, createTrees, type LeafSum, type Trees, treesSchema } from '../trees/trees.ts';
import { checkLabels, justAboveHalf } from './binary-classifier.ts';

const isShare = (value: number) => value >= 0 && value <= 1;

/** The value of a leaf is the share of label 1 among the rows that reached it. */
export const randomForestSchema = z.strictObject({
  family: z.literal('random-forest'),
  trees: treesSchema.refine(({ value }) => value.every(isShare), {
    path: ['value'],
    message: 'expected shares from 0 to 1',
  }),
});
export type RandomForest = z.infer<typeof randomForestSchema>;

/** Of a mean of shares: nearer to a half, rounding decides which label is ahead. */
const tieWidth = 1e-9;

/**
 * P(label 1) = the mean of the leaves' shares over all trees, on features cast to float32: what
 * `RandomForestClassifier.predict_proba` of scikit-learn answers for two classes (sklearn/ensemble/_forest.py). Its
 * `predict` takes the label with the larger of two means, each with its own rounding. Near a half the other mean is
 * therefore taken as well, and the score put on the side that scikit-learn would choose. Nothing is allocated per row.
 *
 * @throws RangeError, from the function returned, where a scaled feature is beyond the range of float32
 */
export function createRandomForest({ trees }: { trees: Trees }, featureCount: number) {
  const leafSum = createLeafSum(trees, 1);
  let complementSum: LeafSum | undefined;
  const features = new Float64Array(featureCount);
  const count = trees.roots.length;

  function settleTie(share: number): number {
    complementSum ??= createLeafSum({ ...trees, value: trees.value.map(complementShare) }, 1);
    const isAhead = share > complementSum(features, 0) / count;
    return isAhead ? Math.max(justAboveHalf, share) : Math.min(0.5, share);
  }

  return function predictProba(row: Float64Array): number {
    for (let j = 0; j < featureCount; j++) {
      features[j] = Math.fround(row[j]);
      if (!Number.isFinite(features[j]))
        throw new RangeError(`scaled feature ${j}: ${row[j]} is beyond float32`);
    }
    const share = Math.min(1, leafSum(features, 0) / count);
    return Math.abs(share - 0.5) < tieWidth ? settleTie(share) : share;
  };
}

/**
 * Names and defaults of scikit-learn's RandomForestClassifier, but for `seed`, its `random_state`. `max_features` null is
 * all of them; a number beyond all of them too.
 */
export const randomForestParametersSchema = z.strictObject({
  n_estimators: z.int().min(1).max(10_000).default(100),
  max_depth: z.int().min(1).nullable().default(null),
  min_samples_split: z.int().min(2).default(2),
  min_samples_leaf: z.int().min(1).default(1),
  max_features: z
    .union([z.enum(['sqrt', 'log2']), z.int().min(1)])
    .nullable()
    .default('sqrt'),
  bootstrap: z.boolean().default(true),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(0),
});
export type RandomForestParameters = z.infer<typeof randomForestParametersSchema>;

/**
 * Breiman's random forest (Machine Learning 45 (2001), 5–32) as `RandomForestClassifier.fit` of scikit-learn 1.2.1 grows
 * it (sklearn/ensemble/_forest.py): each tree on as many rows as there are, drawn with replacement and counted as
 * weights; in each node the split that lowers Gini's impurity most, among columns drawn for it. The same seed gives the
 * same forest; scikit-learn draws other numbers, so that its forests are alike, not equal.
 *
 * @param matrix scaled features
 * @param labels one 0 or 1 per row, both of them present
 * @throws RangeError when labels and rows disagree in number, there is one class only, or a value is beyond float32
 * @throws ZodError when a parameter is out of range
 */
export function fitRandomForest(
  matrix: Matrix,
  labels: Uint8Array,
  parameters: Partial<RandomForestParameters> = {},
): RandomForest {
  checkLabels(matrix, labels);
  const settings = randomForestParametersSchema.parse(parameters);
  const growTree = createTreeGrower(matrix, {
    maxDepth: settings.max_depth ?? Number.POSITIVE_INFINITY,
    minSamplesSplit: settings.min_samples_split,
    minSamplesLeaf: settings.min_samples_leaf,
  });
  const random = createRandom(settings.seed);
  const count = columnCount(settings.max_features, matrix.columns);
  const choice = createColumnDraw(matrix.columns, count, random);
  const target = Float64Array.from(labels);
  const trees = createTrees();
  for (let i = 0; i < settings.n_estimators; i++) {
    const weight = settings.bootstrap ? drawRows(matrix.rows, random) : new Float64Array(matrix.rows).fill(1);
    const growth = growTree(target, { weight, choice });
    appendTree(trees, growth.tree, leafShares(labels, weight, growth));
  }
  return { family: 'random-forest', trees };
}

/** How many columns to draw: `sqrt` and `log2` rounded down, at least one (sklearn/tree/_classes.py). */
function columnCount(maxFeatures: RandomForestParameters['max_features'], columns: number): number {
  if (maxFeatures === 'sqrt') return Math.floor(Math.sqrt(columns));
  if (maxFeatures === 'log2') return Math.max(1, Math.floor(Math.log2(columns)));
  return maxFeatures ?? columns;
}

/** How often each row is drawn when as many are drawn as there are. */
function drawRows(rows: number, random: Random): Float64Array {
  const counts = new Float64Array(rows);
  for (let i = 0; i < rows; i++) counts[random.integer(0, rows - 1)]++;
  return counts;
}

/** The share of label 1 among the weights of each leaf's rows; 0 in inner nodes. */
function leafShares(labels: Uint8Array, weight: Float64Array, { tree, leafOf }: Growth): Float64Array {
  const totals = new Float64Array(tree.feature.length);
  const ones = new Float64Array(tree.feature.length);
  for (let row = 0; row < labels.length; row++) {
    if (weight[row] === 0) continue;
    totals[leafOf[row]] += weight[row];
    ones[leafOf[row]] += weight[row] * labels[row];
  }
  return ones.map((one, node) => (totals[node] > 0 ? one / totals[node] : 0));
}

/**
 * `count` columns drawn anew in each node, without replacement: the first steps of a shuffle, which may start from any
 * order and so goes on from where the last node left it. Constant columns count as drawn, but where there is nothing
 * else yet the draw goes on (`node_split_best` in sklearn/tree/_splitter.pyx, scikit-learn 1.2.1).
 *
 * @param columns how many there are
 */
export function createColumnDraw(columns: number, count: number, random: Random): ColumnChoice {
  const order = Int32Array.from({ length: columns }, (_, j) => j);
  return {
    count,
    pick(visited) {
      const drawn = random.integer(visited, columns - 1);
      const column = order[drawn];
      order[drawn] = order[visited];
      order[visited] = column;
      return column;
    },
  };
}

/** Fractions of larger numbers cannot be told from their neighbors by a float64. */
const maxDenominator = 2 ** 26;

/**
 * 1 − share as the division of whole numbers gives it: where `share` is the float64 next to a / n, the float64 next to
 * (n − a) / n, which 1 − share may miss by its own rounding. The fraction is found among the convergents of the share's
 * continued fraction (Khinchin, Continued Fractions, theorem 19).
 *
 * @param share from 0 to 1
 * @returns 1 − share where the share is no fraction of whole numbers up to 2²⁶, as with weighted rows
 */
export function complementShare(share: number): number {
  let [numerator, previousNumerator] = [0, 1];
  let [denominator, previousDenominator] = [1, 0];
  let rest = share;
  while (denominator <= maxDenominator) {
    if (numerator / denominator === share) return (denominator - numerator) / denominator;
    if (rest === 0) break;
    const whole = Math.floor(1 / rest);
    rest = 1 / rest - whole;
    [numerator, previousNumerator] = [whole * numerator + previousNumerator, numerator];
    [denominator, previousDenominator] = [whole * denominator + previousDenominator, denominator];
  }
  return 1 - share;
}
