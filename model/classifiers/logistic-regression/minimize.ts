import { dot, type Evaluated, type Objective, searchLine } from './search-line.ts';

/** A step taken, the change of the gradient over it, and the reciprocal of their product. */
type Correction = { readonly step: Float64Array; readonly change: Float64Array; readonly rho: number };

const memory = 10;

/**
 * The minimum of a smooth convex function from `start` on, by L-BFGS with the last ten corrections and the scaling
 * sᵀy / yᵀy (Liu and Nocedal, Mathematical Programming 45 (1989), 503–528).
 *
 * @param tolerance for the gradient's largest entry
 * @returns the lowest point reached; `converged` is false where `maxIterations` ended the search
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
      // Nothing is left to gain but rounding, unless old corrections point the wrong way.
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

/** Minus the approximate inverse Hessian times the gradient: the two-loop recursion. */
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
