import { z } from 'zod';
import { createRandom, type Random } from '../dataset/random.ts';
import type { Matrix } from '../matrix.ts';
import type { ColumnChoice } from '../trees/best-split.ts';
import { createTreeGrower, type Growth } from '../trees/grow-tree.ts';
import { createLeafSum, type PackedTrees, packTrees, roundToFloat32 } from '../trees/leaf-sum.ts';
import { appendTree, createTrees, type LeafSum, treesSchema } from '../trees/trees.ts';
import { checkLabels, justAboveHalf } from './binary-classifier.ts';

const isShare = (value: number) => value >= 0 && value <= 1;

/** The value of a leaf is the share of label 1 among the training rows that reached it. */
export const randomForestSchema = z.strictObject({
  family: z.literal('random-forest'),
  trees: treesSchema.refine(({ value }) => value.every(isShare), {
    path: ['value'],
    message: 'expected shares from 0 to 1',
  }),
});
export type RandomForest = z.infer<typeof randomForestSchema>;

export interface PreparedForest extends Pick<RandomForest, 'family'> {
  /** The number of trees. */
  readonly count: number;
  readonly trees: PackedTrees;
  /** The shares of label 0, in place of those of label 1 in `trees.weighted`. */
  readonly complements: Float64Array;
}

/** @throws RangeError as `packTrees` does */
export function prepareRandomForest({ family, trees }: RandomForest): PreparedForest {
  const complements = packTrees({ ...trees, value: trees.value.map(complementShare) }, 1).weighted;
  return { family, count: trees.roots.length, trees: packTrees(trees, 1), complements };
}

/** Within this distance of 0.5, rounding decides which label has the larger mean. */
const tieWidth = 1e-9;

/**
 * P(label 1) = the mean of the leaf shares over all trees, on features rounded to float32. Equal to
 * `RandomForestClassifier.predict_proba` of scikit-learn for two classes (sklearn/ensemble/_forest.py). Its
 * `predict` compares the means of both labels, each with its own rounding error. Near 0.5 the mean of label 0
 * is therefore computed too, and the score is placed on the side that scikit-learn chooses. Does not allocate
 * per row.
 *
 * @throws RangeError, from the returned function, when a scaled feature is beyond the range of float32
 */
export function createRandomForest({ count, trees, complements }: PreparedForest, featureCount: number) {
  const leafSum = createLeafSum(trees);
  let complementSum: LeafSum | undefined;
  const features = new Float64Array(featureCount);

  function settleTie(share: number): number {
    complementSum ??= createLeafSum({ ...trees, weighted: complements });
    const isAhead = share > complementSum(features, 0) / count;
    return isAhead ? Math.max(justAboveHalf, share) : Math.min(0.5, share);
  }

  return function predictProba(row: Float64Array): number {
    roundToFloat32(row, features);
    const share = Math.min(1, leafSum(features, 0) / count);
    return Math.abs(share - 0.5) < tieWidth ? settleTie(share) : share;
  };
}

/**
 * Names and defaults are those of scikit-learn's RandomForestClassifier, except that `random_state` is called
 * `seed`. `max_features` null means all features, as does a number above their count.
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
 * Breiman's random forest (Machine Learning 45 (2001), 5–32), grown as by `RandomForestClassifier.fit` of
 * scikit-learn 1.2.1 (sklearn/ensemble/_forest.py). Each tree is grown on a bootstrap sample, whose counts
 * serve as row weights. Each node takes the split with the largest decrease of Gini impurity among randomly
 * drawn columns. The same seed gives the same forest. scikit-learn's random numbers differ, so its forests
 * are statistically alike but not equal.
 *
 * @param matrix scaled features, n × d
 * @param labels one 0 or 1 per row; both occur
 * @throws RangeError when labels do not match the rows, only one class occurs, or a value is beyond float32
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

/**
 * How many columns to draw per node: `sqrt` and `log2` are rounded down, at least one
 * (sklearn/tree/_classes.py).
 */
function columnCount(maxFeatures: RandomForestParameters['max_features'], columns: number): number {
  if (maxFeatures === 'sqrt') return Math.floor(Math.sqrt(columns));
  if (maxFeatures === 'log2') return Math.max(1, Math.floor(Math.log2(columns)));
  return maxFeatures ?? columns;
}

/** A bootstrap sample: how often each row is drawn in `rows` draws with replacement. */
function drawRows(rows: number, random: Random): Float64Array {
  const counts = new Float64Array(rows);
  for (let i = 0; i < rows; i++) counts[random.integer(0, rows - 1)]++;
  return counts;
}

/** The weighted share of label 1 among each leaf's rows; 0 for inner nodes. */
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
 * Draws `count` columns without replacement in each node: the first steps of a Fisher–Yates shuffle, which
 * may start from any order and so continues from the last node's. Constant columns count as drawn, but
 * drawing continues until one column varies (`node_split_best` in sklearn/tree/_splitter.pyx, scikit-learn
 * 1.2.1).
 *
 * @param columns the number of columns
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

/** Two fractions with larger denominators can round to the same float64. */
const maxDenominator = 2 ** 26;

/**
 * 1 − share without the rounding error of the subtraction: where `share` is the float64 nearest to a / n, the
 * result is the float64 nearest to (n − a) / n. The fraction is a convergent of the share's continued
 * fraction (Khinchin, Continued Fractions, theorem 19).
 *
 * @param share in [0, 1]
 * @returns 1 − share where the share is not such a fraction with n up to 2²⁶, as for weighted rows
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
