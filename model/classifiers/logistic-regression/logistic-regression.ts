import { z } from 'zod';
import { expit } from '../expit.ts';
import { lengthFaults, type PartFault } from '../part-fault.ts';

/** `coef`: one per scaled feature, in log-odds per unit; `intercept` in log-odds. */
export const logisticRegressionSchema = z.strictObject({
  family: z.literal('logistic-regression'),
  coef: z.array(z.number()),
  intercept: z.number(),
});
export type LogisticRegression = z.infer<typeof logisticRegressionSchema>;

/** P(label 1) = expit(x · coef + intercept), as `LogisticRegression.predict_proba` of scikit-learn for two classes. */
export function createLogisticRegression({ coef, intercept }: LogisticRegression) {
  const weights = Float64Array.from(coef);
  return function predictProba(row: Float64Array): number {
    let sum = 0;
    for (let j = 0; j < weights.length; j++) sum += row[j] * weights[j];
    return expit(sum + intercept);
  };
}

export function logisticRegressionFaults({ coef }: LogisticRegression, featureCount: number): PartFault[] {
  return lengthFaults(['coef'], { length: coef.length, expected: featureCount, what: 'one per feature' });
}
