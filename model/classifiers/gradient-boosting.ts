import { z } from 'zod';
import type { Matrix } from '../matrix.ts';
import { createTreeGrower } from '../trees/grow-tree.ts';
import { createLeafSum, type PackedTrees, packTrees, roundToFloat32 } from '../trees/leaf-sum.ts';
import { createMissingLeafSum, type MissingTrees, toMissingTrees } from '../trees/missing-leaf-sum.ts';
import { appendTree, createTrees, treesSchema } from '../trees/trees.ts';
import { checkLabels, expit, justAboveHalf } from './binary-classifier.ts';

/**
 * `init` is the log-odds before the first tree. Leaf values are log-odds too, before `learning_rate` is
 * applied. With `missing_left`, features may be missing: per node, 1 where a missing one goes left, else 0; features are then not
 * rounded to float32. `decision` is which raw values are label 1; without it, those whose probability exceeds 0.5.
 */
export const gradientBoostingSchema = z
  .strictObject({
    family: z.literal('gradient-boosting'),
    init: z.number(),
    learning_rate: z.number().positive(),
    trees: treesSchema,
    missing_left: z.array(z.int().min(0).max(1)).optional(),
    decision: z.enum(['raw >= 0', 'raw > 0']).optional(),
  })
  .refine(
    ({ trees, missing_left }) => missing_left === undefined || missing_left.length === trees.value.length,
    {
      path: ['missing_left'],
      error: 'expected one entry per node',
    },
  );
export type GradientBoosting = z.infer<typeof gradientBoostingSchema>;

/** Leaf values are multiplied by the learning rate. Features may be missing with `MissingTrees`. */
export interface PreparedBoosting extends Pick<GradientBoosting, 'family' | 'init' | 'decision'> {
  readonly trees: PackedTrees | MissingTrees;
}

/** @throws RangeError as `packTrees` does */
export function prepareGradientBoosting(classifier: GradientBoosting): PreparedBoosting {
  const { family, init, learning_rate, trees, missing_left, decision } = classifier;
  const prepared = missing_left
    ? toMissingTrees(trees, missing_left, learning_rate)
    : packTrees(trees, learning_rate);
  return { family, init, decision, trees: prepared };
}

/**
 * P(label 1) = expit(init + Σ learning_rate · leaf), summed in the order of the trees on features rounded to
 * float32. Equal to `GradientBoostingClassifier.predict_proba` of scikit-learn 1.2.1 for two classes
 * (sklearn/ensemble/_gb.py, _gradient_boosting.pyx). Does not allocate per row.
 *
 * @throws RangeError, from the returned function, when a scaled feature is beyond the range of float32
 */
export function createGradientBoosting({ init, trees, decision }: PreparedBoosting, featureCount: number) {
  const toScore = scoreFunctions[decision ?? 'probability'];
  if ('goesLeft' in trees) {
    const sumWithMissing = createMissingLeafSum(trees);
    return (row: Float64Array): number => toScore(sumWithMissing(row, init));
  }
  const leafSum = createLeafSum(trees);
  const features = new Float64Array(featureCount);
  return function predictProba(row: Float64Array): number {
    roundToFloat32(row, features);
    return toScore(leafSum(features, init));
  };
}

/** Near a raw value of 0, the score is placed on the side of 0.5 that the decision requires. */
const scoreFunctions = {
  probability: expit,
  'raw >= 0': (raw: number) => placeScore(raw, raw >= 0),
  'raw > 0': (raw: number) => placeScore(raw, raw > 0),
};

function placeScore(raw: number, isOne: boolean): number {
  return isOne ? Math.max(justAboveHalf, expit(raw)) : Math.min(0.5, expit(raw));
}

/** Names and defaults are those of scikit-learn's GradientBoostingClassifier. */
export const gradientBoostingParametersSchema = z.strictObject({
  n_estimators: z.int().min(1).max(10_000).default(100),
  learning_rate: z.number().positive().default(0.1),
  max_depth: z.int().min(1).max(32).default(3),
  min_samples_split: z.int().min(2).default(2),
  min_samples_leaf: z.int().min(1).default(1),
});
export type GradientBoostingParameters = z.infer<typeof gradientBoostingParametersSchema>;

/**
 * Gradient boosting for two classes with log-loss (Friedman, Annals of Statistics 29 (2001), 1189–1232),
 * equal to `GradientBoostingClassifier.fit` of scikit-learn 1.2.1 with its defaults
 * (sklearn/ensemble/_gb.py): every tree uses all rows and columns. The fit is deterministic: of equally good
 * splits, the lowest column wins.
 *
 * @param matrix scaled features, n × d
 * @param labels one 0 or 1 per row; both occur
 * @throws RangeError when labels do not match the rows, only one class occurs, or a value is beyond float32
 * @throws ZodError when a parameter is out of range
 */
export function fitGradientBoosting(
  matrix: Matrix,
  labels: Uint8Array,
  parameters: Partial<GradientBoostingParameters> = {},
): GradientBoosting {
  checkLabels(matrix, labels);
  const settings = gradientBoostingParametersSchema.parse(parameters);
  const growTree = createTreeGrower(matrix, {
    maxDepth: settings.max_depth,
    minSamplesSplit: settings.min_samples_split,
    minSamplesLeaf: settings.min_samples_leaf,
  });
  const init = priorLogOdds(labels);
  const raw = new Float64Array(matrix.rows).fill(init);
  const residual = new Float64Array(matrix.rows);
  const trees = createTrees();
  for (let i = 0; i < settings.n_estimators; i++) {
    negativeGradient(labels, raw, residual);
    const { tree, leafOf } = growTree(residual);
    const values = newtonLeafValues(labels, residual, { leafOf, nodes: tree.feature.length });
    for (let row = 0; row < raw.length; row++) raw[row] += settings.learning_rate * values[leafOf[row]];
    appendTree(trees, tree, values);
  }
  return { family: 'gradient-boosting', init, learning_rate: settings.learning_rate, trees };
}

const float32Epsilon = 2 ** -23;
const smallestDenominator = 1e-150;

/**
 * Log-odds of label 1 over all rows. The share is clipped by the epsilon of float32
 * (`get_init_raw_predictions` in sklearn/ensemble/_gb_losses.py, scikit-learn 1.2.1).
 */
export function priorLogOdds(labels: Uint8Array): number {
  const share = labels.reduce((sum, label) => sum + label, 0) / labels.length;
  const clipped = Math.min(1 - float32Epsilon, Math.max(float32Epsilon, share));
  return Math.log(clipped / (1 - clipped));
}

/** Writes `label − expit(raw)` of each row to `out`: the target of the next tree. */
export function negativeGradient(labels: Uint8Array, raw: Float64Array, out: Float64Array): void {
  for (let i = 0; i < labels.length; i++) out[i] = labels[i] - expit(raw[i]);
}

/**
 * One Newton–Raphson step per leaf, Σ residual / Σ p(1 − p) with p = label − residual, or 0 where the
 * denominator vanishes (Friedman 2001, algorithm 5; `BinomialDeviance._update_terminal_region` in
 * sklearn/ensemble/_gb_losses.py).
 *
 * @param leafOf the leaf of each row
 * @param nodes the number of nodes of the tree
 * @returns one value per node; 0 for inner nodes
 */
export function newtonLeafValues(
  labels: Uint8Array,
  residual: Float64Array,
  { leafOf, nodes }: { leafOf: Int32Array; nodes: number },
): Float64Array {
  const numerator = new Float64Array(nodes);
  const denominator = new Float64Array(nodes);
  for (let i = 0; i < labels.length; i++) {
    numerator[leafOf[i]] += residual[i];
    denominator[leafOf[i]] += (labels[i] - residual[i]) * (1 - labels[i] + residual[i]);
  }
  return numerator.map((sum, node) =>
    Math.abs(denominator[node]) < smallestDenominator ? 0 : sum / denominator[node],
  );
}
