import { z } from 'zod';
import type { Matrix } from '../../matrix.ts';
import { appendTree, createTrees } from '../../trees/append-tree.ts';
import { createTreeGrower } from '../../trees/grow-tree.ts';
import { checkLabels } from '../check-labels.ts';
import type { GradientBoosting } from './gradient-boosting.ts';
import { negativeGradient, newtonLeafValues, priorLogOdds } from './log-loss.ts';

/** Names and defaults of scikit-learn's GradientBoostingClassifier. */
export const gradientBoostingParametersSchema = z.strictObject({
  n_estimators: z.int().min(1).max(10_000).default(100),
  learning_rate: z.number().positive().default(0.1),
  max_depth: z.int().min(1).max(32).default(3),
  min_samples_split: z.int().min(2).default(2),
  min_samples_leaf: z.int().min(1).default(1),
});
export type GradientBoostingParameters = z.infer<typeof gradientBoostingParametersSchema>;

/**
 * Gradient boosting for two classes with log-loss (Friedman, Annals of Statistics 29 (2001), 1189–1232), step for step
 * as `GradientBoostingClassifier.fit` of scikit-learn 1.2.1 with its defaults (sklearn/ensemble/_gb.py): every row and
 * every column in every tree. Nothing is drawn: ties between splits go to the lowest column, so the same rows always
 * give the same trees.
 *
 * @param matrix scaled features
 * @param labels one 0 or 1 per row, both of them present
 * @throws RangeError when labels and rows disagree in number, or there is one class only
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
