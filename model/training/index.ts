export { type ArtifactContents, artifactSchema } from '../artifact/artifact-schema.ts';
export { sealArtifact, serializeArtifact } from '../artifact/seal-artifact.ts';
export {
  fitGradientBoosting,
  type GradientBoostingParameters,
} from '../classifiers/gradient-boosting/fit-gradient-boosting.ts';
export type { GradientBoosting } from '../classifiers/gradient-boosting/gradient-boosting.ts';
export type { Dataset } from '../dataset/dataset.ts';
export { DatasetError } from '../dataset/dataset-error.ts';
export { drawLabelledReadings, generateDataset } from '../dataset/generate-dataset.ts';
export { generateReadings } from '../dataset/generate-readings.ts';
export { type LoadedDataset, loadDataset } from '../dataset/load-dataset.ts';
export { parseDataset } from '../dataset/parse-dataset.ts';
export { toCsv } from '../dataset/to-csv.ts';
export { evaluate, type Metrics } from '../evaluation/evaluate.ts';
export { stratifiedSplit } from '../evaluation/stratified-split.ts';
export { createMatrix, type Matrix, selectRows } from '../matrix.ts';
export { fitStandardScaler } from '../scalers/fit-standard-scaler.ts';
export { transform } from '../scalers/scaler.ts';
export type { StandardScaler } from '../scalers/standard-scaler.ts';
export { families } from './families.ts';
export { type TrainingOptions, trainModels } from './train-models.ts';
