export { ArtifactError } from './artifact/artifact-error.ts';
export type { Artifact } from './artifact/artifact-schema.ts';
export { loadArtifact } from './artifact/load-artifact.ts';
export {
  type Certificate,
  type LoadedArtifact,
  parseArtifact,
  scoreTolerance,
} from './artifact/parse-artifact.ts';
export { createExplainer, type Explanation } from './explanation/create-explainer.ts';
export { createPipeline, type Pipeline, type PipelineParts } from './pipeline.ts';
