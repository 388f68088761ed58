/** A function of several variables: writes its gradient at `point` and returns its value there. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

/** A point with the objective's value and gradient there. */
export type Evaluated = {
  readonly point: Float64Array;
  readonly gradient: Float64Array;
  readonly value: number;
};

const sufficientDecrease = 1e-4;
const sufficientFlattening = 0.9;
/** Relative to the value: differences below it are rounding, and say nothing about a decrease. */
const valueNoise = 1e-12;
const maxTrials = 60;

/**
 * A step along `direction` that satisfies the weak Wolfe conditions, by doubling until one is too long and halving
 * between too short and too long (Lewis and Overton, Mathematical Programming 141 (2013), 135–163, algorithm 2.6). Near
 * a minimum, where rounding hides the decrease of the value, the slope stands in for it (the approximate Wolfe
 * conditions of Hager and Zhang, SIAM Journal on Optimization 16 (2005), 170–192).
 *
 * @param slope of the objective along `direction` at `from`, below 0
 * @returns undefined where no step is found, because the slope itself is but rounding
 */
export function searchLine(
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
