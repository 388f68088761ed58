import { z } from 'zod';
import { createRandom, type Random } from '../../dataset/random.ts';
import type { Matrix } from '../../matrix.ts';
import { appendTree, createTrees } from '../../trees/append-tree.ts';
import { createColumnDraw } from '../../trees/column-draw.ts';
import { createTreeGrower, type Growth } from '../../trees/grow-tree.ts';
import { checkLabels } from '../check-labels.ts';
import type { RandomForest } from './random-forest.ts';

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
