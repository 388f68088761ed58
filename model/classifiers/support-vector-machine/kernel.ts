import { z } from 'zod';
import { expOfNegative } from './exp-of-negative.ts';

/** Names and formulas of scikit-learn's `SVC`; `gamma` is the number that "scale" or "auto" came to. */
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

type Weighted = {
  /** Row-major, m × columns. */
  readonly vectors: Float64Array;
  /** m long. */
  readonly weights: Float64Array;
  readonly columns: number;
};

/** Σ weight · K(vector, row) over all vectors, in their order. Nothing is allocated per row. */
export function createKernel(kernel: Kernel, weighted: Weighted): (row: Float64Array) => number {
  if (kernel.kind === 'rbf') return createRbfSum(kernel.gamma, weighted);
  return createDotSum(toOutputOfDot(kernel), weighted);
}

type Rbf = Weighted & { readonly gamma: number };

/** exp(−gamma · ‖u − v‖²), the differences squared and summed column by column. */
function createRbfSum(gamma: number, weighted: Weighted) {
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

function createDotSum(toOutput: (dot: number) => number, { vectors, weights, columns }: Weighted) {
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
