import { z } from 'zod';
import { expit } from '../expit.ts';
import { lengthFaults, type PartFault } from '../part-fault.ts';
import { createKernel, kernelSchema } from './kernel.ts';
import { plattProbability } from './platt.ts';

/**
 * - `support_vectors`: row-major, m × d, scaled
 * - `dual_coef`: y·α of each support vector, y = −1 for label 0 and +1 for label 1
 * - `platt`: `a` is scikit-learn's `probA_[0]`, `b` its `probB_[0]`, both as they stand, where the model was fitted with
 *   `probability=True`. What comes of them is reported beside the score; label and score come from the decision
 *   function alone, so that they agree.
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

/**
 * The decision function, Σ dual_coef · K(support vector, x) + intercept: 0 or more is label 1.
 *
 * @throws RangeError, from the function returned, where its terms overflow and cancel
 */
export function createDecisionFunction(
  { kernel, support_vectors, dual_coef, intercept }: SupportVectorMachine,
  featureCount: number,
) {
  const kernelSum = createKernel(kernel, {
    vectors: Float64Array.from(support_vectors),
    weights: Float64Array.from(dual_coef),
    columns: featureCount,
  });
  return function decide(row: Float64Array): number {
    const decision = kernelSum(row) + intercept;
    if (Number.isNaN(decision)) throw new RangeError('the decision function of the row is beyond float64');
    return decision;
  };
}

const leastAboveHalf = 0.5 + Number.EPSILON / 2;

/**
 * The logistic of the decision function, in [0, 1]: above 0.5 exactly where `SVC.predict` answers label 1, which is also
 * on the boundary itself, where libsvm votes for the second class. There, and where the logistic of a tiny decision
 * rounds to 0.5, the score is the least number above 0.5.
 */
export function createSupportVectorMachine(machine: SupportVectorMachine, featureCount: number) {
  const decide = createDecisionFunction(machine, featureCount);
  return function predictProba(row: Float64Array): number {
    const decision = decide(row);
    return decision >= 0 ? Math.max(expit(decision), leastAboveHalf) : expit(decision);
  };
}

/** P(label 1) as `SVC.predict_proba` has it; undefined for a model that was fitted without it. */
export function createPlattProbability(machine: SupportVectorMachine, featureCount: number) {
  const { platt } = machine;
  if (platt === undefined) return undefined;
  const decide = createDecisionFunction(machine, featureCount);
  return (row: Float64Array): number => plattProbability(platt, decide(row));
}

export function supportVectorMachineFaults(
  { support_vectors, dual_coef }: SupportVectorMachine,
  featureCount: number,
): PartFault[] {
  const expected = dual_coef.length * featureCount;
  const what = `${featureCount} per entry of dual_coef`;
  return lengthFaults(['support_vectors'], { length: support_vectors.length, expected, what });
}
