import type { Pipeline } from '../pipeline.ts';
import { type Counterfactual, findCounterfactual } from './find-counterfactual.ts';
import { shapleyValues } from './shapley-values.ts';

export interface Explanation {
  readonly score: number;
  readonly prediction: 0 | 1;
  /** Mean score of the background. */
  readonly base_value: number;
  readonly background_readings: number;
  /** In the order of the model's features; they sum to score − base_value. */
  readonly contributions: readonly {
    readonly feature: string;
    readonly value: number;
    readonly contribution: number;
  }[];
  readonly counterfactual: Counterfactual | null;
  /** A probability that the model was calibrated to, beside its score. */
  readonly probability?: number;
}

/**
 * Explains single readings by the model that scores them.
 *
 * @param background unscaled rows that scores are explained against, those of the artifact
 * @throws RangeError, from the function returned, as `Pipeline.score` and `shapleyValues` do
 */
export function createExplainer({
  pipeline,
  background,
}: {
  pipeline: Pipeline;
  background: readonly (readonly number[])[];
}): (values: ArrayLike<number>) => Explanation {
  return function explain(values) {
    const { score, baseValue, contributions, backgroundRows } = shapleyValues(pipeline, values, background);
    const probability = pipeline.calibratedProbability(values);
    return {
      score,
      prediction: pipeline.toPrediction(score),
      base_value: baseValue,
      background_readings: backgroundRows,
      contributions: pipeline.featureNames.map((feature, j) => ({
        feature,
        value: values[j],
        contribution: contributions[j],
      })),
      counterfactual: findCounterfactual(pipeline, values, background) ?? null,
      ...(probability !== undefined && { probability }),
    };
  };
}
