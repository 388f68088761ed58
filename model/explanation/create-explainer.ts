import type { Pipeline } from '../pipeline.ts';
import { type Counterfactual, findCounterfactual } from './find-counterfactual.ts';
import { shapleyValues } from './shapley-values.ts';

export interface Explanation {
  readonly score: number;
  readonly prediction: 0 | 1;
  /** Mean score of the background readings. */
  readonly base_value: number;
  readonly background_readings: number;
  /** One per feature, in the order of the model's features. They sum to score − base_value. */
  readonly contributions: readonly {
    readonly feature: string;
    /** Null where it is missing. */
    readonly value: number | null;
    readonly contribution: number;
    /** Of the contribution, where it is estimated: beyond ten features. */
    readonly standard_error?: number;
  }[];
  readonly counterfactual: Counterfactual | null;
  /** The calibrated probability, for a model that has one. */
  readonly probability?: number;
}

/**
 * Explains single readings of a pipeline.
 *
 * @param background unscaled readings that scores are explained against: the `background` of the artifact
 * @throws RangeError, from the returned function, as `Pipeline.score` and `shapleyValues` do
 */
export function createExplainer({
  pipeline,
  background,
}: {
  pipeline: Pipeline;
  background: readonly (readonly number[])[];
}): (values: ArrayLike<number>) => Explanation {
  return function explain(values) {
    const found = shapleyValues(pipeline, values, background);
    const { score, baseValue, contributions, standardErrors, backgroundRows } = found;
    const probability = pipeline.calibratedProbability(values);
    return {
      score,
      prediction: pipeline.toPrediction(score),
      base_value: baseValue,
      background_readings: backgroundRows,
      contributions: pipeline.featureNames.map((feature, j) => ({
        feature,
        value: Number.isNaN(values[j]) ? null : values[j],
        contribution: contributions[j],
        ...(standardErrors && { standard_error: standardErrors[j] }),
      })),
      counterfactual: findCounterfactual(pipeline, values, background) ?? null,
      ...(probability !== undefined && { probability }),
    };
  };
}
