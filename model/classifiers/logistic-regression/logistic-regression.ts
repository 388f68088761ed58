import { z } from 'zod';
import { expit } from '../expit.ts';
import { justAboveHalf } from '../just-above-half.ts';
import { lengthFaults, type PartFault } from '../part-fault.ts';

/** `coef`: one per scaled feature, in log-odds per unit; `intercept` in log-odds. */
export const logisticRegressionSchema = z.strictObject({
  family: z.literal('logistic-regression'),
  coef: z.array(z.number()),
  intercept: z.number(),
});
export type LogisticRegression = z.infer<typeof logisticRegressionSchema>;

/**
 * P(label 1) = expit(x · coef + intercept), as `LogisticRegression.predict_proba` of scikit-learn for two classes. Log-odds
 * too small to move it off a half still move it just above, because `predict` asks for their sign
 * (sklearn/linear_model/_base.py, version 1.2.1).
 */
export function createLogisticRegression({ coef, intercept }: LogisticRegression) {
  const weights = Float64Array.from(coef);
  return function predictProba(row: Float64Array): number {
    let sum = 0;
    for (let j = 0; j < weights.length; j++) sum += row[j] * weights[j];
    const logOdds = sum + intercept;
    const probability = expit(logOdds);
    return logOdds > 0 && probability === 0.5 ? justAboveHalf : probability;
  };
}

export function logisticRegressionFaults({ coef }: LogisticRegression, featureCount: number): PartFault[] {
  return lengthFaults(['coef'], { length: coef.length, expected: featureCount, what: 'one per feature' });
}
