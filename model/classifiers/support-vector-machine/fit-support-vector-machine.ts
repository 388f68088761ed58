import { z } from 'zod';
import { type Matrix, selectRows } from '../../matrix.ts';
import { checkLabels } from '../check-labels.ts';
import { createKernelRows } from './kernel-rows.ts';
import { solveDual } from './solve-dual.ts';
import type { SupportVectorMachine } from './support-vector-machine.ts';

/**
 * Names and defaults of scikit-learn's SVC. There `max_iter` −1 is no limit; here it is a million pairs, or 100 per row
 * where that is more.
 */
export const supportVectorMachineParametersSchema = z.strictObject({
  C: z.number().positive().default(1),
  kernel: z.literal('rbf').default('rbf'),
  gamma: z.union([z.enum(['scale', 'auto']), z.number().nonnegative()]).default('scale'),
  tol: z.number().positive().default(1e-3),
  max_iter: z.union([z.literal(-1), z.int().min(1)]).default(-1),
});
export type SupportVectorMachineParameters = z.infer<typeof supportVectorMachineParametersSchema>;

/**
 * C-support vector classification with a radial kernel, as `SVC.fit` of scikit-learn 1.2.1.
 *
 * @param matrix scaled features
 * @param labels one 0 or 1 per row, both of them present
 * @throws RangeError when labels and rows disagree in number, there is one class only, or the features' variance is
 *   beyond float64
 * @throws Error when it has not converged after `max_iter` iterations
 * @throws ZodError when a parameter is out of range
 */
export function fitSupportVectorMachine(
  matrix: Matrix,
  labels: Uint8Array,
  parameters: Partial<SupportVectorMachineParameters> = {},
): SupportVectorMachine {
  checkLabels(matrix, labels);
  const { C, gamma: wanted, tol, max_iter } = supportVectorMachineParametersSchema.parse(parameters);
  const gamma = toGamma(wanted, matrix);
  const order = byLabel(labels);
  const rows = selectRows(matrix, order);
  const { coefficients, intercept } = solveDual({
    signs: Int8Array.from(order, (i) => (labels[i] === 0 ? 1 : -1)),
    kernelRow: createKernelRows(rows, gamma),
    C,
    tol,
    maxIterations: max_iter === -1 ? Math.max(1_000_000, 100 * rows.rows) : max_iter,
  });
  const support = Array.from(coefficients.keys()).filter((i) => coefficients[i] !== 0);
  return {
    family: 'support-vector-machine',
    kernel: { kind: 'rbf', gamma },
    support_vectors: Array.from(selectRows(rows, support).values),
    dual_coef: support.map((i) => -coefficients[i]),
    // Never −0, which JSON does not keep.
    intercept: 0 - intercept,
  };
}

/** Label 0 first, and with the sign +1 in the dual: so libsvm has it, and scikit-learn turns the signs afterwards. */
function byLabel(labels: Uint8Array): number[] {
  const indices = Array.from(labels.keys());
  return [...indices.filter((i) => labels[i] === 0), ...indices.filter((i) => labels[i] === 1)];
}

/** "scale": 1 / (columns · variance over all entries), or 1 where that is 0; "auto": 1 / columns. */
function toGamma(gamma: SupportVectorMachineParameters['gamma'], { columns, values }: Matrix): number {
  if (typeof gamma === 'number') return gamma;
  if (gamma === 'auto') return 1 / columns;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const scale = variance === 0 ? 1 : 1 / (columns * variance);
  if (scale === 0 || !Number.isFinite(scale)) {
    throw new RangeError(`the features' variance, ${variance}, gives no gamma: scale the features`);
  }
  return scale;
}
