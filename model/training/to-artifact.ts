import type { Artifact, Compared, CrossValidation } from '../artifact/artifact-schema.ts';
import { chooseBackgroundRows, chooseReferenceRows } from '../artifact/choose-rows.ts';
import { sealArtifact } from '../artifact/seal-artifact.ts';
import type { LoadedDataset } from '../dataset/parse-dataset.ts';
import type { Parameters } from './families.ts';
import { type HeldOutModel, threshold } from './fit-recipe.ts';

/** The results that exist only after every family has been trained. */
interface Comparison {
  readonly crossValidation: CrossValidation;
  readonly comparison: readonly Compared[];
}

/** The artifact of the model that was evaluated on the test rows. It is not refitted on all rows. */
export function toArtifact(
  dataset: LoadedDataset,
  { recipe, fitted, library, train, test }: HeldOutModel,
  { crossValidation, comparison }: Comparison,
): Artifact {
  const referenceRows = chooseReferenceRows(dataset.features);
  return sealArtifact({
    format: { id: 'sensor-sentinel-pipeline', version: 2 },
    features: dataset.featureNames.map((name, j) => ({ name, unit: dataset.units[j] })),
    class_names: [...dataset.classNames],
    scaler: fitted.scaler,
    classifier: fitted.classifier,
    threshold,
    background: chooseBackgroundRows(train.features),
    origin: {
      kind: 'trained',
      seed: recipe.seed,
      parameters: statedParameters(fitted.settings),
      rows: dataset.features.rows,
      train_rows: train.features.rows,
      data_sha256: dataset.sha256,
      ...(library !== undefined && { library }),
      test,
      cross_validation: crossValidation,
      comparison: [...comparison],
    },
    reference: { rows: referenceRows, scores: referenceRows.map((row) => fitted.pipeline.score(row)) },
  });
}

/** Leaves out parameters that are null, such as an unlimited `max_depth`. */
function statedParameters(settings: Parameters): Record<string, number | string | boolean> {
  return Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );
}
