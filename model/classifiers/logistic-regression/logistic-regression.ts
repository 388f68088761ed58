import { z } from 'zod';
import type { Matrix } from '../../matrix.ts';
import { checkLabels, expit, justAboveHalf, lengthFaults, type PartFault } from '../binary-classifier.ts';
import { minimize } from './minimize.ts';
import { createPenalizedLoss } from './penalized-loss.ts';

/** `coef` has one entry per scaled feature, in log-odds per unit; `intercept` is in log-odds. */
export const logisticRegressionSchema = z.strictObject({
  family: z.literal('logistic-regression'),
  coef: z.array(z.number()),
  intercept: z.number(),
});
export type LogisticRegression = z.infer<typeof logisticRegressionSchema>;

/**
 * P(label 1) = expit(x · coef + intercept), as `LogisticRegression.predict_proba` of scikit-learn for two
 * classes. Positive log-odds so small that the probability rounds to 0.5 give the next float64 above 0.5,
 * because `predict` tests the sign of the log-odds (sklearn/linear_model/_base.py, version 1.2.1).
 */
export function createLogisticRegression({ coef, intercept }: LogisticRegression) {
  const weights = Float64Array.from(coef);
  return function predictProba(row: Float64Array): number {
    let sum = 0;
    for (let j = 0; j < weights.length; j++) sum += row[j] * weights[j];
    const logOdds = sum + intercept;
    const probability = expit(logOdds);
    return logOdds > 0 && probability === 0.5 ? justAboveHalf : probability;
  };
}

export function logisticRegressionFaults({ coef }: LogisticRegression, featureCount: number): PartFault[] {
  return lengthFaults(['coef'], { length: coef.length, expected: featureCount, what: 'one per feature' });
}

/**
 * Names are those of scikit-learn's LogisticRegression. Its defaults, `tol` 1e-4 and `max_iter` 100, stop the
 * solver short of the minimum; the defaults here reach it. `tol` bounds the largest entry of the gradient.
 */
export const logisticRegressionParametersSchema = z.strictObject({
  C: z.number().positive().default(1),
  max_iter: z.int().min(1).max(1_000_000).default(1000),
  tol: z.number().positive().default(1e-8),
  fit_intercept: z.boolean().default(true),
});
export type LogisticRegressionParameters = z.infer<typeof logisticRegressionParametersSchema>;

/**
 * Logistic regression with an L2 penalty. The objective is convex, and its minimum is the one that
 * `LogisticRegression.fit` of scikit-learn 1.2.1 approaches (sklearn/linear_model/_logistic.py). The fit is
 * deterministic.
 *
 * @param matrix scaled features, n × d
 * @param labels one 0 or 1 per row; both occur
 * @throws RangeError when labels do not match the rows, only one class occurs, a column's values are too
 *   large, or `max_iter` steps do not reach the minimum
 * @throws ZodError when a parameter is out of range
 */
export function fitLogisticRegression(
  matrix: Matrix,
  labels: Uint8Array,
  parameters: Partial<LogisticRegressionParameters> = {},
): LogisticRegression {
  checkLabels(matrix, labels);
  const { C, max_iter, tol, fit_intercept } = logisticRegressionParametersSchema.parse(parameters);
  const { objective, size, toCoefficients } = createPenalizedLoss(matrix, labels, {
    C,
    fitIntercept: fit_intercept,
  });
  const { point, converged } = minimize(objective, new Float64Array(size), {
    tolerance: tol,
    maxIterations: max_iter,
  });
  if (!converged)
    throw new RangeError(`logistic regression has not converged after ${max_iter} iterations (max_iter)`);
  return { family: 'logistic-regression', ...toCoefficients(point) };
}
