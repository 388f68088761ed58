import { defaultTypeName, type Model, modelSchema } from '@sensor-sentinel/contracts';
import { escapeControls, type LoadedArtifact, type PreparedPipeline } from '@sensor-sentinel/model';
import { toNormalRanges } from './normal-ranges.ts';

/**
 * Everything of a verified artifact that the API serves, without functions, so that a worker thread can send it. Its large parts
 * are typed arrays, which are transferred without a copy.
 */
export interface PreparedModel {
  description: Model;
  pipeline: PreparedPipeline;
  /** Unscaled readings that scores are explained against. */
  background: readonly (readonly number[])[];
  /** Why readings cannot be explained; undefined if they can. */
  unexplained: string | undefined;
}

export function prepareModel(loaded: LoadedArtifact): PreparedModel {
  const unexplained = findBackgroundFault(loaded);
  return {
    description: describeModel(loaded, { canScore: unexplained === undefined }),
    pipeline: loaded.prepared,
    background: loaded.artifact.background,
    unexplained,
  };
}

function findBackgroundFault({ artifact, pipeline }: LoadedArtifact): string | undefined {
  if (artifact.background.length === 0) return 'has no background readings, which explanations need';
  const row = artifact.background.findIndex((values) => toReason(() => pipeline.score(values)) !== undefined);
  return row < 0 ? undefined : `cannot score its own background reading ${row}`;
}

/** The error message of a call that fails; undefined if it succeeds. */
export function toReason(call: () => unknown): string | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** @param canScore whether the model scores its background readings */
function describeModel(loaded: LoadedArtifact, { canScore }: { canScore: boolean }): Model {
  const { artifact, certificate } = loaded;
  const { class_names, classifier, origin } = artifact;
  const [, anomaly] = (origin.kind === 'imported' ? origin.classes : undefined) ?? class_names;
  return modelSchema.parse({
    ...artifact,
    type: artifact.type ?? defaultTypeName,
    features: canScore ? describeFeatures(loaded) : artifact.features,
    class_names: class_names.map(escapeControls),
    anomaly_class: escapeControls(anomaly),
    family: classifier.family,
    certificate,
  });
}

function describeFeatures({ artifact, pipeline }: LoadedArtifact): Model['features'] {
  const isNormal = (row: readonly number[]) => pipeline.toPrediction(pipeline.score(row)) === 0;
  const ranges = toNormalRanges(artifact.background.filter(isNormal));
  return artifact.features.map((feature, column) => {
    const normal_range = ranges[column];
    return normal_range === undefined ? feature : { ...feature, normal_range };
  });
}
