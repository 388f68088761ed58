import { z } from 'zod';
import { expit } from '../expit.ts';
import { lengthFaults, type PartFault } from '../part-fault.ts';
import { createKernel, kernelSchema } from './kernel.ts';

/**
 * - `support_vectors`: row-major, m × d, scaled
 * - `dual_coef`: y·α of each support vector, y = −1 for label 0 and +1 for label 1
 * - `platt`: log-odds of label 0 = a · decision + b (Platt 1999), where the model was fitted with `probability=True`.
 *   It is reported beside the score; label and score come from the decision function alone, so that they agree.
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

/** The decision function, Σ dual_coef · K(support vector, x) + intercept: above 0 is label 1. */
export function createDecisionFunction(
  { kernel, support_vectors, dual_coef, intercept }: SupportVectorMachine,
  featureCount: number,
) {
  const kernelSum = createKernel(kernel, {
    vectors: Float64Array.from(support_vectors),
    weights: Float64Array.from(dual_coef),
    columns: featureCount,
  });
  return (row: Float64Array): number => kernelSum(row) + intercept;
}

/** The logistic of the decision function, in [0, 1]: above 0.5 exactly where `SVC.predict` answers label 1. */
export function createSupportVectorMachine(machine: SupportVectorMachine, featureCount: number) {
  const decide = createDecisionFunction(machine, featureCount);
  return (row: Float64Array): number => expit(decide(row));
}

/** Platt's P(label 1), as `SVC.predict_proba` has it; undefined for a model that was fitted without it. */
export function createPlattProbability(machine: SupportVectorMachine, featureCount: number) {
  const { platt } = machine;
  if (platt === undefined) return undefined;
  const decide = createDecisionFunction(machine, featureCount);
  return (row: Float64Array): number => expit(-(platt.a * decide(row) + platt.b));
}

export function supportVectorMachineFaults(
  { support_vectors, dual_coef }: SupportVectorMachine,
  featureCount: number,
): PartFault[] {
  const expected = dual_coef.length * featureCount;
  const what = `${featureCount} per entry of dual_coef`;
  return lengthFaults(['support_vectors'], { length: support_vectors.length, expected, what });
}
