export { artifactSchema } from '../artifact/artifact-schema.ts';
export { sealArtifact, serializeArtifact } from '../artifact/seal-artifact.ts';
export { type Dataset, toCsv } from '../dataset/dataset.ts';
export { drawLabeledReadings, generateDataset } from '../dataset/generate-dataset.ts';
export { loadDataset } from '../dataset/parse-dataset.ts';
export { stratifiedSplit } from '../evaluation/stratified-split.ts';
export { selectRows } from '../matrix.ts';
