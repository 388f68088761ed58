import type { Artifact } from '../artifact/artifact-schema.ts';
import { sealArtifact } from '../artifact/seal-artifact.ts';
import {
  fitGradientBoosting,
  type GradientBoostingParameters,
  gradientBoostingParametersSchema,
} from '../classifiers/gradient-boosting/fit-gradient-boosting.ts';
import type { LoadedDataset } from '../dataset/load-dataset.ts';
import { sensorFeatures } from '../dataset/sensor-features.ts';
import { evaluate } from '../evaluation/evaluate.ts';
import { stratifiedSplit } from '../evaluation/stratified-split.ts';
import { selectRows } from '../matrix.ts';
import { createPipeline } from '../pipeline.ts';
import { fitStandardScaler } from '../scalers/fit-standard-scaler.ts';
import { transform } from '../scalers/scaler.ts';
import { chooseBackgroundRows, chooseReferenceRows } from './choose-rows.ts';

const testShare = 0.2;
const threshold = 0.5;

/**
 * Sets aside a stratified fifth of the rows, fits scaler and classifier on the rest, and measures on the fifth. The
 * artifact is that very model, not one fitted again on all rows: its metrics are its own, on rows it has never seen.
 * The same dataset, seed and parameters give the same artifact, byte for byte.
 *
 * @throws RangeError when there are too few rows of a label
 */
export function trainGradientBoosting(
  dataset: LoadedDataset,
  { seed = 0, parameters = {} }: { seed?: number; parameters?: Partial<GradientBoostingParameters> } = {},
): Artifact {
  const { train, test } = stratifiedSplit(dataset.labels, { testShare, seed });
  const trainFeatures = selectRows(dataset.features, train);
  const scaler = fitStandardScaler(trainFeatures);
  const settings = gradientBoostingParametersSchema.parse(parameters);
  const trainLabels = Uint8Array.from(train, (row) => dataset.labels[row]);
  const classifier = fitGradientBoosting(transform(scaler, trainFeatures), trainLabels, settings);
  const features = dataset.featureNames.map((name) => ({ name, unit: unitOf(name) }));
  const pipeline = createPipeline({ name: classifier.family, features, scaler, classifier, threshold });

  const testScores = pipeline.scoreBatch(selectRows(dataset.features, test).values);
  const testLabels = Uint8Array.from(test, (row) => dataset.labels[row]);
  const referenceRows = chooseReferenceRows(dataset.features);
  return sealArtifact({
    format: { id: 'sensor-sentinel-pipeline', version: 2 },
    features,
    class_names: ['normal', 'anomaly'],
    scaler,
    classifier,
    threshold,
    background: chooseBackgroundRows(trainFeatures),
    origin: {
      kind: 'trained',
      seed,
      parameters: settings,
      rows: dataset.features.rows,
      train_rows: train.length,
      data_sha256: dataset.sha256,
      test: evaluate(testLabels, testScores, threshold),
      comparison: [],
    },
    reference: { rows: referenceRows, scores: referenceRows.map((row) => pipeline.score(row)) },
  });
}

/** Empty for a feature that the project's sensors do not have. */
function unitOf(name: string): string {
  return sensorFeatures.find((feature) => feature.name === name)?.unit ?? '';
}
