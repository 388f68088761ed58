import { z } from 'zod';
import { type Matrix, selectRows } from '../../matrix.ts';
import { checkLabels, expit, justAboveHalf } from '../binary-classifier.ts';
import { createKernel, kernelSchema, type WeightedVectors } from './kernel.ts';
import { createKernelRows, solveDual } from './solve-dual.ts';

/**
 * - `support_vectors`: row-major m × d, scaled
 * - `dual_coef`: y·α of each support vector; y is −1 for label 0 and +1 for label 1
 * - `platt`: `a` is scikit-learn's `probA_[0]` and `b` its `probB_[0]`, for a model fitted with
 *   `probability=True`. The resulting probability is reported beside the score. Label and score depend on the
 *   decision function alone, so that they agree.
 */
export const supportVectorMachineSchema = z.strictObject({
  family: z.literal('support-vector-machine'),
  kernel: kernelSchema,
  support_vectors: z.array(z.number()),
  dual_coef: z.array(z.number()),
  intercept: z.number(),
  platt: z.strictObject({ a: z.number(), b: z.number() }).optional(),
});
export type SupportVectorMachine = z.infer<typeof supportVectorMachineSchema>;

/** The weights of the support vectors are `dual_coef`. */
export interface PreparedMachine extends Omit<SupportVectorMachine, 'support_vectors' | 'dual_coef'> {
  readonly supports: WeightedVectors;
}

export function prepareSupportVectorMachine(
  { support_vectors, dual_coef, ...machine }: SupportVectorMachine,
  featureCount: number,
): PreparedMachine {
  const vectors = Float64Array.from(support_vectors);
  const weights = Float64Array.from(dual_coef);
  return { ...machine, supports: { vectors, weights, columns: featureCount } };
}

/**
 * The decision function, Σ dual_coef · K(support vector, x) + intercept. Label 1 where it is 0 or more.
 *
 * @throws RangeError, from the returned function, when terms overflow to ∞ − ∞
 */
export function createDecisionFunction({ kernel, supports, intercept }: PreparedMachine) {
  const kernelSum = createKernel(kernel, supports);
  return function decide(row: Float64Array): number {
    const decision = kernelSum(row) + intercept;
    if (Number.isNaN(decision)) throw new RangeError('the decision function overflows float64');
    return decision;
  };
}

/**
 * The logistic of the decision function, in [0, 1]. It exceeds 0.5 exactly where `SVC.predict` returns label
 * 1. That includes a decision of 0, where libsvm votes for the second class: there, and where a tiny decision
 * rounds to 0.5, the score is the next float64 above 0.5.
 */
export function createSupportVectorMachine(machine: PreparedMachine) {
  const decide = createDecisionFunction(machine);
  return function predictProba(row: Float64Array): number {
    const decision = decide(row);
    return decision >= 0 ? Math.max(expit(decision), justAboveHalf) : expit(decision);
  };
}

/** P(label 1) as `SVC.predict_proba` returns it; undefined for a model fitted without it. */
export function createPlattProbability(machine: PreparedMachine) {
  const { platt } = machine;
  if (platt === undefined) return undefined;
  const decide = createDecisionFunction(machine);
  return (row: Float64Array): number => plattProbability(platt, decide(row));
}

/**
 * Names and defaults are those of scikit-learn's SVC, except for `max_iter` −1: scikit-learn then sets no
 * limit, while here the limit is 100 iterations per row, but at least one million.
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
 * C-support vector classification with an RBF kernel, as `SVC.fit` of scikit-learn 1.2.1.
 *
 * @param matrix scaled features, n × d
 * @param labels one 0 or 1 per row; both occur
 * @throws RangeError when labels do not match the rows, only one class occurs, or the variance of the
 *   features is 0 or infinite in float64
 * @throws Error when `max_iter` iterations do not converge
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
    // Adding 0 avoids −0, which JSON cannot represent.
    intercept: 0 - intercept,
  };
}

/**
 * Row indices, label 0 first. Label 0 has the sign +1 in the dual, as in libsvm; scikit-learn flips the signs
 * afterwards.
 */
function byLabel(labels: Uint8Array): number[] {
  const indices = Array.from(labels.keys());
  return [...indices.filter((i) => labels[i] === 0), ...indices.filter((i) => labels[i] === 1)];
}

/** "scale": 1 / (columns · variance of all entries), or 1 where the variance is 0. "auto": 1 / columns. */
function toGamma(gamma: SupportVectorMachineParameters['gamma'], { columns, values }: Matrix): number {
  if (typeof gamma === 'number') return gamma;
  if (gamma === 'auto') return 1 / columns;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const scale = variance === 0 ? 1 : 1 / (columns * variance);
  if (scale === 0 || !Number.isFinite(scale)) {
    throw new RangeError(`the features' variance ${variance} is out of range for gamma: scale the features`);
  }
  return scale;
}

export interface Platt {
  readonly a: number;
  readonly b: number;
}

/** libsvm's stopping tolerance of the coupling: 0.005 / number of classes. */
const couplingTolerance = 0.0025;
const maxCouplingSteps = 100;
const leastProbability = 1e-7;

/**
 * P(label 1) from the decision function, as `SVC(probability=True).predict_proba` of scikit-learn 1.2.1.
 *
 * Platt scaling (Advances in Large Margin Classifiers (1999), 61–74) gives P(label 0) = 1 / (1 + exp(b − a ·
 * decision)). The sign of `a` is that of libsvm, whose decision function is positive for label 0. Even for
 * two classes, libsvm then couples the pairwise probabilities iteratively (Wu, Lin, Weng, Journal of Machine
 * Learning Research 5 (2004), 975–1005, algorithm 2), starting from 0.5 and stopping early. The result is up
 * to 0.005 away from the logistic.
 */
function plattProbability({ a, b }: Platt, decision: number): number {
  const logistic = 1 / (1 + Math.exp(b - a * decision));
  return coupleTwo(Math.min(Math.max(logistic, leastProbability), 1 - leastProbability));
}

/**
 * Minimizes (other · p₀ − first · p₁)² with p₀ + p₁ = 1, one coordinate at a time.
 *
 * @returns p₁
 */
function coupleTwo(first: number): number {
  const other = 1 - first;
  let p0 = 0.5;
  let p1 = 0.5;
  for (let steps = 0; steps < maxCouplingSteps; steps++) {
    let residual = other * p0 - first * p1;
    const square = residual * residual;
    const error = Math.max(Math.abs(other * residual - square), Math.abs(first * residual + square));
    if (error < couplingTolerance) break;
    const change0 = (square - other * residual) / (other * other);
    p0 = (p0 + change0) / (1 + change0);
    p1 /= 1 + change0;
    residual = other * p0 - first * p1;
    const change1 = (residual * residual + first * residual) / (first * first);
    p1 = (p1 + change1) / (1 + change1);
    p0 /= 1 + change1;
  }
  return p1;
}
