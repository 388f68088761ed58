import { z } from 'zod';

/**
 * Names and formulas are those of scikit-learn's `SVC`. `gamma` is a number; "scale" and "auto" are already
 * resolved.
 */
export const kernelSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('rbf'), gamma: z.number().nonnegative() }),
  z.strictObject({ kind: z.literal('linear') }),
  z.strictObject({
    kind: z.literal('poly'),
    gamma: z.number().nonnegative(),
    coef0: z.number(),
    degree: z.int().min(0).max(100),
  }),
  z.strictObject({ kind: z.literal('sigmoid'), gamma: z.number().nonnegative(), coef0: z.number() }),
]);
export type Kernel = z.infer<typeof kernelSchema>;

export interface WeightedVectors {
  /** Row-major m × columns. */
  readonly vectors: Float64Array;
  /** Length m. */
  readonly weights: Float64Array;
  readonly columns: number;
}

/** Σ weight · K(vector, row) over all vectors, in order. Does not allocate per row. */
export function createKernel(kernel: Kernel, weighted: WeightedVectors): (row: Float64Array) => number {
  if (kernel.kind === 'rbf') return createRbfSum(kernel.gamma, weighted);
  return createDotSum(toOutputOfDot(kernel), weighted);
}

interface Rbf extends WeightedVectors {
  readonly gamma: number;
}

/** exp(−gamma · ‖u − v‖²), with differences squared and summed column by column. */
function createRbfSum(gamma: number, weighted: WeightedVectors) {
  const rbf = { ...weighted, gamma };
  return (row: Float64Array): number => sumRbf(rbf, row);
}

function sumRbf({ vectors, weights, columns, gamma }: Rbf, row: Float64Array): number {
  let sum = 0;
  for (let i = 0, at = 0; i < weights.length; i++) {
    let squares = 0;
    for (let j = 0; j < columns; j++, at++) {
      const difference = row[j] - vectors[at];
      squares += difference * difference;
    }
    sum += weights[i] * expOfNegative(-gamma * squares);
  }
  return sum;
}

function createDotSum(toOutput: (dot: number) => number, { vectors, weights, columns }: WeightedVectors) {
  return function dotSum(row: Float64Array): number {
    let sum = 0;
    for (let i = 0, at = 0; i < weights.length; i++) {
      let dot = 0;
      for (let j = 0; j < columns; j++, at++) dot += row[j] * vectors[at];
      sum += weights[i] * toOutput(dot);
    }
    return sum;
  };
}

function toOutputOfDot(kernel: Exclude<Kernel, { kind: 'rbf' }>): (dot: number) => number {
  switch (kernel.kind) {
    case 'linear':
      return (dot) => dot;
    case 'poly':
      return (dot) => (kernel.gamma * dot + kernel.coef0) ** kernel.degree;
    case 'sigmoid':
      return (dot) => Math.tanh(kernel.gamma * dot + kernel.coef0);
  }
}

/**
 * ln 2 as a sum. The first part ends in enough zero bits to make its product with any integer below 2²⁰ exact.
 */
const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;

const steps = 256;
const stepsPerUnit = steps / Math.LN2;

/** exp of a smaller number is 0 in float64. */
const leastExponent = -745.2;

/** 2 to the power 0, −1/256 … −255/256. */
const fractions = Float64Array.from({ length: steps }, (_, i) => 2 ** (-i / steps));
/** 2 to the power 0, −1 … −1076. */
const halvings = Float64Array.from({ length: 1077 }, (_, i) => 2 ** -i);

/**
 * exp(x) for x ≤ 0, with a relative error below 4e-16. Kernel sums take half the time that they take with
 * `Math.exp`. x is split into a multiple of ln 2 / 256, which is looked up, and a rest, for which four terms
 * of the series suffice (Tang, ACM Transactions on Mathematical Software 15 (1989), 144–157).
 */
export function expOfNegative(x: number): number {
  if (x < leastExponent) return 0;
  const k = (0.5 - x * stepsPerUnit) | 0;
  const rest = x + k * (ln2High / steps) + k * (ln2Low / steps);
  const series = rest * (1 + rest * (0.5 + rest * (1 / 6 + rest * (1 / 24))));
  const power = fractions[k & 255] * halvings[k >> 8];
  return power + power * series;
}
