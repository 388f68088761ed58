import { z } from 'zod';
import type { Matrix } from '../matrix.ts';
import { checkLabels, expit, justAboveHalf } from './binary-classifier.ts';

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
  const problem = precondition(matrix, labels, { C, fitIntercept: fit_intercept });
  const point = minimize(problem, { tolerance: tol, maxIterations: max_iter });
  if (!point)
    throw new RangeError(`logistic regression has not converged after ${max_iter} iterations (max_iter)`);
  const coef = Array.from(problem.scales, (scale, j) => point[j] / scale);
  const shift = coef.reduce((sum, weight, j) => sum + weight * problem.centers[j], 0);
  return { family: 'logistic-regression', coef, intercept: fit_intercept ? point[coef.length] - shift : 0 };
}

/**
 * Σ log-loss + Σ penalty · weight² / 2 over one weight per column of `rows`.
 *
 * - `rows`: row-major n × `width`: (x − center) / scale of each feature, then 1 if there is an intercept
 * - `penalties`: one per column of `rows`
 * - `centers`, `scales`: one per feature
 */
interface Problem {
  readonly rows: Float64Array;
  readonly width: number;
  readonly labels: Uint8Array;
  readonly penalties: Float64Array;
  readonly centers: Float64Array;
  readonly scales: Float64Array;
}

/**
 * The objective of scikit-learn's `LogisticRegression`, Σ log-loss + ‖coef‖² / 2C without a penalty on the
 * intercept (sklearn/linear_model/_linear_loss.py, version 1.2.1), on centered columns of a similar magnitude.
 * The minimum is the same; products of entries neither overflow nor lose their digits.
 *
 * @throws RangeError naming a column whose values are too large for float64
 */
function precondition(
  matrix: Matrix,
  labels: Uint8Array,
  { C, fitIntercept }: { C: number; fitIntercept: boolean },
): Problem {
  const { columns, values } = matrix;
  const leastScale = 1 / Math.sqrt(C);
  const centers = Float64Array.from({ length: columns }, (_, j) => (fitIntercept ? meanOf(matrix, j) : 0));
  const scales = centers.map((center, j) => Math.max(leastScale, largestDeviation(matrix, j, center)));
  const wrong = scales.findIndex((scale) => !Number.isFinite(scale));
  if (wrong >= 0) throw new RangeError(`column ${wrong}: its values are too large for logistic regression`);
  const width = fitIntercept ? columns + 1 : columns;
  const rows = new Float64Array(matrix.rows * width).fill(1);
  for (let i = 0; i < matrix.rows; i++) {
    for (let j = 0; j < columns; j++) {
      rows[i * width + j] = (values[i * columns + j] - centers[j]) / scales[j];
    }
  }
  const penalties = Float64Array.from({ length: width }, (_, j) =>
    j < columns ? (leastScale / scales[j]) ** 2 : 0,
  );
  return { rows, width, labels, penalties, centers, scales };
}

/** Sums differences from the first row, so that the mean of a constant column is exact. */
function meanOf({ rows, columns, values }: Matrix, column: number): number {
  let sum = 0;
  for (let i = column; i < values.length; i += columns) sum += values[i] - values[column];
  return values[column] + sum / rows;
}

function largestDeviation({ columns, values }: Matrix, column: number, center: number): number {
  let largest = 0;
  for (let i = column; i < values.length; i += columns) {
    largest = Math.max(largest, Math.abs(values[i] - center));
  }
  return largest;
}

/** The objective at a point. `hessian` is row-major, width × width, with the lower triangle filled. */
interface Evaluated {
  readonly point: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
}

function evaluate({ rows, width, labels, penalties }: Problem, point: Float64Array): Evaluated {
  const gradient = point.map((weight, j) => penalties[j] * weight);
  const hessian = new Float64Array(width * width);
  let value = 0;
  for (let j = 0; j < width; j++) {
    value += (penalties[j] * point[j] * point[j]) / 2;
    hessian[j * width + j] = penalties[j];
  }
  for (let i = 0, start = 0; i < labels.length; i++, start += width) {
    let logOdds = 0;
    for (let j = 0; j < width; j++) logOdds += rows[start + j] * point[j];
    const margin = labels[i] === 1 ? logOdds : -logOdds;
    value += Math.max(-margin, 0) + Math.log1p(Math.exp(-Math.abs(margin)));
    const probability = expit(logOdds);
    const curvature = probability * expit(-logOdds);
    for (let j = 0; j < width; j++) {
      gradient[j] += (probability - labels[i]) * rows[start + j];
      const factor = curvature * rows[start + j];
      for (let k = 0; k <= j; k++) hessian[j * width + k] += factor * rows[start + k];
    }
  }
  return { point, value, gradient, hessian };
}

/**
 * Newton's method with backtracking (Boyd and Vandenberghe, Convex Optimization, algorithm 9.5).
 *
 * @param tolerance bound on the largest entry of the gradient
 * @returns undefined when `maxIterations` steps do not reach the minimum
 */
function minimize(
  problem: Problem,
  { tolerance, maxIterations }: { tolerance: number; maxIterations: number },
): Float64Array | undefined {
  let at = evaluate(problem, new Float64Array(problem.width));
  for (let iteration = 0; largestEntry(at.gradient) > tolerance; iteration++) {
    if (iteration === maxIterations) return undefined;
    const next = searchLine(problem, at, solve(at.hessian, at.gradient));
    // Where no step lowers the value, only rounding error is left.
    if (!next) return at.point;
    at = next;
  }
  return at.point;
}

const sufficientDecrease = 1e-4;
/** Relative to the value: smaller differences are rounding errors. */
const valueNoise = 1e-12;
const maxHalvings = 60;

/**
 * Halves the step against `direction` until the value decreases sufficiently. Where rounding hides the
 * decrease, the gradient must shrink instead.
 */
function searchLine(problem: Problem, from: Evaluated, direction: Float64Array): Evaluated | undefined {
  const slope = direction.reduce((sum, entry, j) => sum + entry * from.gradient[j], 0);
  for (let halvings = 0; halvings < maxHalvings; halvings++) {
    const step = 2 ** -halvings;
    const to = evaluate(
      problem,
      from.point.map((weight, j) => weight - step * direction[j]),
    );
    const decrease = from.value - to.value;
    if (Math.abs(decrease) <= valueNoise * from.value) {
      if (largestEntry(to.gradient) < largestEntry(from.gradient)) return to;
    } else if (decrease >= sufficientDecrease * step * slope) {
      return to;
    }
  }
  return undefined;
}

/** Replaces a pivot that is 0 up to rounding error, as for two equal columns without a penalty. */
const leastPivot = 1e-14;

/** Solves hessian · x = gradient by the Cholesky decomposition, which overwrites the Hessian. */
function solve(hessian: Float64Array, gradient: Float64Array): Float64Array {
  const width = gradient.length;
  const x = gradient.slice();
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = hessian[i * width + j];
      for (let k = 0; k < j; k++) rest -= hessian[i * width + k] * hessian[j * width + k];
      hessian[i * width + j] =
        i === j ? Math.sqrt(Math.max(rest, leastPivot)) : rest / hessian[j * width + j];
    }
    for (let k = 0; k < i; k++) x[i] -= hessian[i * width + k] * x[k];
    x[i] /= hessian[i * width + i];
  }
  for (let i = width - 1; i >= 0; i--) {
    for (let k = i + 1; k < width; k++) x[i] -= hessian[k * width + i] * x[k];
    x[i] /= hessian[i * width + i];
  }
  return x;
}

function largestEntry(vector: Float64Array): number {
  return vector.reduce((largest, entry) => Math.max(largest, Math.abs(entry)), 0);
}
