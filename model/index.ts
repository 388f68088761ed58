export type { Artifact } from './artifact/artifact-schema.ts';
export {
  ArtifactError,
  type Certificate,
  type LoadedArtifact,
  loadArtifact,
  parseArtifact,
  scoreTolerance,
} from './artifact/load-artifact.ts';
export { createExplainer, type Explanation } from './explanation/create-explainer.ts';
export {
  assemblePipeline,
  createPipeline,
  type Pipeline,
  type PipelineParts,
  type PreparedPipeline,
} from './pipeline.ts';
export { escapeControls } from './table/escape-controls.ts';
