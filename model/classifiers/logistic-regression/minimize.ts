/** A step, the change of the gradient over it, and rho = 1 / (step · change). */
interface Correction {
  readonly step: Float64Array;
  readonly change: Float64Array;
  readonly rho: number;
}

const memory = 10;

/**
 * Minimizes a smooth convex function by L-BFGS with the last ten corrections and the scaling sᵀy / yᵀy (Liu
 * and Nocedal, Mathematical Programming 45 (1989), 503–528).
 *
 * @param tolerance bound on the largest entry of the gradient
 * @returns the lowest point reached; `converged` is false when `maxIterations` ended the search
 */
export function minimize(
  objective: Objective,
  start: Float64Array,
  { tolerance, maxIterations }: { tolerance: number; maxIterations: number },
): { point: Float64Array; iterations: number; converged: boolean } {
  const gradient = new Float64Array(start.length);
  let at: Evaluated = { value: objective(start, gradient), point: start, gradient };
  let corrections: Correction[] = [];
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    if (largestEntry(at.gradient) <= tolerance)
      return { point: at.point, iterations: iteration, converged: true };
    const direction = descentFrom(at.gradient, corrections);
    const next = searchLine(objective, at, { direction, slope: dot(at.gradient, direction) });
    if (!next) {
      // No step lowers the value. Retry without old corrections; if there are none, only rounding error is
      // left.
      if (corrections.length === 0) return { point: at.point, iterations: iteration, converged: true };
      corrections = [];
      continue;
    }
    corrections = [...corrections, correctionOf(at, next)].slice(-memory);
    at = next;
  }
  return {
    point: at.point,
    iterations: maxIterations,
    converged: largestEntry(at.gradient) <= tolerance,
  };
}

/** Minus the approximate inverse Hessian times the gradient, by the two-loop recursion. */
function descentFrom(gradient: Float64Array, corrections: readonly Correction[]): Float64Array {
  const direction = gradient.map((entry) => -entry);
  const shares = new Float64Array(corrections.length);
  for (let k = corrections.length - 1; k >= 0; k--) {
    const { step, change, rho } = corrections[k];
    shares[k] = rho * dot(step, direction);
    add(direction, -shares[k], change);
  }
  const last = corrections.at(-1);
  const scale = last ? 1 / (last.rho * dot(last.change, last.change)) : 1;
  for (let i = 0; i < direction.length; i++) direction[i] *= scale;
  for (const [k, { step, change, rho }] of corrections.entries()) {
    add(direction, shares[k] - rho * dot(change, direction), step);
  }
  return direction;
}

function correctionOf(from: Evaluated, to: Evaluated): Correction {
  const step = to.point.map((entry, i) => entry - from.point[i]);
  const change = to.gradient.map((entry, i) => entry - from.gradient[i]);
  return { step, change, rho: 1 / dot(step, change) };
}

function add(target: Float64Array, factor: number, vector: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i] += factor * vector[i];
}

function largestEntry(vector: Float64Array): number {
  return vector.reduce((largest, entry) => Math.max(largest, Math.abs(entry)), 0);
}

/** A function of several variables: writes its gradient at `point` and returns its value there. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

/** A point with the objective's value and gradient there. */
export interface Evaluated {
  readonly point: Float64Array;
  readonly gradient: Float64Array;
  readonly value: number;
}

const sufficientDecrease = 1e-4;
const sufficientFlattening = 0.9;
/** Relative to the value: smaller differences are rounding errors. */
const valueNoise = 1e-12;
const maxTrials = 60;

/**
 * Finds a step along `direction` that satisfies the weak Wolfe conditions, by doubling and bisection (Lewis
 * and Overton, Mathematical Programming 141 (2013), 135–163, algorithm 2.6). Near a minimum, where rounding
 * hides the decrease of the value, the slope is tested instead (the approximate Wolfe conditions of Hager and
 * Zhang, SIAM Journal on Optimization 16 (2005), 170–192).
 *
 * @param slope of the objective along `direction` at `from`, below 0
 * @returns undefined where no step is found because the slope itself is rounding error
 */
function searchLine(
  objective: Objective,
  from: Evaluated,
  { direction, slope }: { direction: Float64Array; slope: number },
): Evaluated | undefined {
  let tooShort = 0;
  let tooLong = Number.POSITIVE_INFINITY;
  let step = 1;
  for (let trial = 0; trial < maxTrials; trial++) {
    const point = from.point.map((start, i) => start + step * direction[i]);
    const gradient = new Float64Array(point.length);
    const value = objective(point, gradient);
    const slopeThere = dot(gradient, direction);
    const isLower = value <= from.value + sufficientDecrease * step * slope;
    const isLevel =
      Math.abs(value - from.value) <= valueNoise * Math.abs(from.value) &&
      slopeThere <= (2 * sufficientDecrease - 1) * slope;
    if (!isLower && !isLevel) tooLong = step;
    else if (slopeThere < sufficientFlattening * slope) tooShort = step;
    else return { point, gradient, value };
    step = Number.isFinite(tooLong) ? (tooShort + tooLong) / 2 : 2 * tooShort;
  }
  return undefined;
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
