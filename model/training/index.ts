export { type ArtifactContents, artifactSchema } from '../artifact/artifact-schema.ts';
export { sealArtifact, serializeArtifact } from '../artifact/seal-artifact.ts';
export type { GradientBoosting } from '../classifiers/gradient-boosting.ts';
export {
  fitGradientBoosting,
  type GradientBoostingParameters,
} from '../classifiers/gradient-boosting.ts';
export type { Dataset } from '../dataset/dataset.ts';
export { DatasetError, toCsv } from '../dataset/dataset.ts';
export {
  drawLabeledReadings,
  generateDataset,
  generateReadings,
} from '../dataset/generate-dataset.ts';
export { type LoadedDataset, loadDataset, parseDataset } from '../dataset/parse-dataset.ts';
export { evaluate, type Metrics } from '../evaluation/evaluate.ts';
export { stratifiedSplit } from '../evaluation/stratified-split.ts';
export { createMatrix, type Matrix, selectRows } from '../matrix.ts';
export { fitStandardScaler } from '../scalers/fit-scaler.ts';
export type { StandardScaler } from '../scalers/scaler.ts';
export { transform } from '../scalers/scaler.ts';
export { families } from './families.ts';
export { type TrainingOptions, trainModels } from './train-models.ts';
