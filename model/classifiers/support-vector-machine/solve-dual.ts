import type { Matrix } from '../../matrix.ts';

/**
 * - `signs`: the class of each row, +1 or −1
 * - `kernelRow`: K(row i, every row), where K(x, x) = 1; a returned array may be overwritten by the second
 *   call after it
 * - `C`: upper bound of a coefficient's absolute value
 * - `tol`: allowed violation of the optimality conditions
 */
export interface DualProblem {
  readonly signs: Int8Array;
  readonly kernelRow: (i: number) => Float32Array;
  readonly C: number;
  readonly tol: number;
  readonly maxIterations: number;
}

/** `coefficients` is sign · α of each row. */
export interface DualSolution {
  readonly coefficients: Float64Array;
  readonly intercept: number;
}

/**
 * The solver's state for the objective ½ ΣΣ coefficient · coefficient · K − Σ α. A coefficient stays in [low,
 * high], which is [0, C] or [−C, 0]. `slopes` is the negative derivative of the objective by each
 * coefficient; at the optimum it is equal for all coefficients between their bounds.
 */
interface State {
  readonly coefficients: Float64Array;
  readonly slopes: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** Replaces a curvature that is not positive, as for two equal rows; the value is libsvm's. */
const leastCurvature = 1e-12;

/**
 * Solves the dual of C-support vector classification by sequential minimal optimization: two coefficients at
 * a time, with the pair chosen by second-order information (Fan, Chen, Lin, Journal of Machine Learning
 * Research 6 (2005), 1889–1918, algorithm 2). It follows libsvm in scikit-learn
 * (sklearn/svm/src/libsvm/svm.cpp, 1.2.1), without shrinking. Of equal candidates, the last is taken, as
 * there.
 *
 * @throws Error when `maxIterations` pairs do not converge
 */
export function solveDual(problem: DualProblem): DualSolution {
  const { signs, kernelRow, C, tol, maxIterations } = problem;
  const state = {
    coefficients: new Float64Array(signs.length),
    slopes: Float64Array.from(signs),
    low: Float64Array.from(signs, (sign) => (sign > 0 ? 0 : -C)),
    high: Float64Array.from(signs, (sign) => (sign > 0 ? C : 0)),
  };
  for (let iterations = 0; iterations < maxIterations; iterations++) {
    const up = steepestRise(state);
    const rowUp = kernelRow(up);
    const { down, gap } = bestPartner(state, state.slopes[up], rowUp);
    if (gap < tol || down < 0) return { coefficients: state.coefficients, intercept: interceptOf(state) };
    step(state, { up, down, rowUp, rowDown: kernelRow(down) });
  }
  throw new Error(
    `the support vector machine has not converged after ${maxIterations} iterations: ` +
      'scale the features, lower C, or raise tol or max_iter',
  );
}

/** The row with the largest slope among those whose coefficient can still rise. */
function steepestRise({ coefficients, slopes, high }: State): number {
  let steepest = -1;
  let slope = Number.NEGATIVE_INFINITY;
  for (let t = 0; t < slopes.length; t++) {
    if (slopes[t] >= slope && coefficients[t] < high[t]) {
      steepest = t;
      slope = slopes[t];
    }
  }
  return steepest;
}

/**
 * Returns `down`, the row whose decrease paired with the given rise lowers the objective most if bounds are
 * ignored (−1 where there is none), and `gap`, the violation of the optimality conditions.
 *
 * @param slope slope of the rising coefficient
 * @param rowUp kernel row of the rising coefficient
 */
function bestPartner({ coefficients, slopes, low }: State, slope: number, rowUp: Float32Array) {
  let down = -1;
  let bestGain = 0;
  let smallest = Number.POSITIVE_INFINITY;
  for (let t = 0; t < slopes.length; t++) {
    if (coefficients[t] <= low[t]) continue;
    if (slopes[t] < smallest) smallest = slopes[t];
    const difference = slope - slopes[t];
    if (difference <= 0) continue;
    const gain = (difference * difference) / curvature(rowUp[t]);
    if (gain >= bestGain) {
      down = t;
      bestGain = gain;
    }
  }
  return { down, gap: slope - smallest };
}

/** ‖x − y‖² in the kernel's feature space, from K(x, y). */
function curvature(kernel: number): number {
  const squared = 2 - 2 * kernel;
  return squared > 0 ? squared : leastCurvature;
}

interface Pair {
  up: number;
  down: number;
  rowUp: Float32Array;
  rowDown: Float32Array;
}

/** Moves both coefficients by the same amount, to the optimum along that line or to the first bound. */
function step({ coefficients, slopes, low, high }: State, { up, down, rowUp, rowDown }: Pair): void {
  const roomUp = high[up] - coefficients[up];
  const roomDown = coefficients[down] - low[down];
  const free = (slopes[up] - slopes[down]) / curvature(rowUp[down]);
  const size = Math.min(free, roomUp, roomDown);
  coefficients[up] = size === roomUp ? high[up] : coefficients[up] + size;
  coefficients[down] = size === roomDown ? low[down] : coefficients[down] - size;
  for (let t = 0; t < slopes.length; t++) slopes[t] -= size * (rowUp[t] - rowDown[t]);
}

/**
 * The mean slope of the coefficients between their bounds; where there is none, the middle of the interval
 * that the others allow.
 */
function interceptOf({ coefficients, slopes, low, high }: State): number {
  let free = 0;
  let sum = 0;
  let least = Number.NEGATIVE_INFINITY;
  let most = Number.POSITIVE_INFINITY;
  for (let t = 0; t < slopes.length; t++) {
    const canRise = coefficients[t] < high[t];
    const canFall = coefficients[t] > low[t];
    if (canRise) least = Math.max(least, slopes[t]);
    if (canFall) most = Math.min(most, slopes[t]);
    if (!canRise || !canFall) continue;
    free++;
    sum += slopes[t];
  }
  return free > 0 ? sum / free : (least + most) / 2;
}

/**
 * Kernel rows exp(−gamma · ‖row i − row t‖²) of one row with every row, computed on demand and kept in a
 * least-recently-used cache. They are float32, as in libsvm, which halves the memory. libsvm expands the
 * squared distance into products and so loses digits on features far from 0; here the differences are
 * squared.
 *
 * @param maxBytes size of the cache: 200 MB, scikit-learn's `cache_size`; it always holds at least two rows
 */
export function createKernelRows(
  { rows, columns, values }: Matrix,
  gamma: number,
  maxBytes = 200e6,
): (i: number) => Float32Array {
  const capacity = Math.max(2, Math.floor(maxBytes / (rows * Float32Array.BYTES_PER_ELEMENT)));
  const kept = new Map<number, Float32Array>();

  function compute(i: number, out: Float32Array): void {
    for (let t = 0, at = 0; t < rows; t++) {
      let squares = 0;
      for (let j = 0; j < columns; j++, at++) {
        const difference = values[i * columns + j] - values[at];
        squares += difference * difference;
      }
      out[t] = Math.exp(-gamma * squares);
    }
  }

  return function kernelRow(i) {
    let row = kept.get(i);
    if (row !== undefined) {
      kept.delete(i);
    } else {
      row = roomFor(rows);
      compute(i, row);
    }
    kept.set(i, row);
    return row;
  };

  function roomFor(length: number): Float32Array {
    if (kept.size < capacity) return new Float32Array(length);
    const [oldest, row] = kept.entries().next().value ?? [-1, new Float32Array(length)];
    kept.delete(oldest);
    return row;
  }
}
