import type { Classifier, Family } from '../classifiers/classifier.ts';
import type { Matrix } from '../matrix.ts';
import { createPipeline, type Pipeline } from '../pipeline.ts';
import { fitScaler, type ScalerKind } from '../scalers/fit-scaler.ts';
import { type Scaler, transform } from '../scalers/scaler.ts';
import { type Parameters, trainers } from './families.ts';

/** All that decides what is made of the same rows. */
export type Recipe = {
  readonly family: Family;
  readonly scaler: ScalerKind;
  readonly seed: number;
  /** Those that are left out have the family's defaults. */
  readonly parameters?: Parameters | undefined;
};

export type LabelledRows = { readonly features: Matrix; readonly labels: Uint8Array };

export type Fitted = {
  readonly scaler: Scaler;
  readonly classifier: Classifier;
  /** All parameters, the defaults too. */
  readonly settings: Parameters;
  readonly pipeline: Pipeline;
};

export const threshold = 0.5;

/**
 * Fits a scaler and then a classifier to the scaled rows.
 *
 * @param rows unscaled
 * @throws RangeError when the family cannot learn from these rows
 * @throws ZodError when a parameter is out of range
 */
export async function fitRecipe(
  { features, labels }: LabelledRows,
  { family, scaler: kind, seed, parameters = {} }: Recipe,
): Promise<Fitted> {
  const trainer = trainers[family];
  const settings = trainer.parse(parameters, seed);
  const scaler = fitScaler(kind, features);
  const classifier = await trainer.fit({ features: transform(scaler, features), labels }, settings);
  const columns = Array.from({ length: features.columns }, (_, j) => ({ name: `feature ${j}`, unit: '' }));
  const pipeline = createPipeline({ name: family, features: columns, scaler, classifier, threshold });
  return { scaler, classifier, settings, pipeline };
}
