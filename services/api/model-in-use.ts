import { type FeatureValues, type Model, modelSchema, type Scored } from '@sensor-sentinel/contracts';
import { type LoadedArtifact, loadArtifact } from '@sensor-sentinel/model';
import { ApiError } from './errors.ts';

/** The artifact that scores, or the reason why none does. */
export interface ModelInUse {
  /** @throws ApiError `model_unavailable` */
  score: (values: FeatureValues) => Scored;
  /** @throws ApiError `model_unavailable` */
  describe: () => Model;
  /** Why nothing can be scored; undefined when all is well. */
  fault: () => string | undefined;
}

function toFeatureValue(values: FeatureValues, name: string): number {
  const value: unknown = values[name as keyof FeatureValues]; // the names are checked when the model is loaded
  if (typeof value === 'number') return value;
  throw new Error(`the model wants the feature ${name}, which readings do not have`);
}

function createModel({ artifact, pipeline, certificate }: LoadedArtifact): ModelInUse {
  const { name, features, class_names, scaler, classifier, threshold, origin } = artifact;
  const names = features.map((feature) => feature.name);
  const description = modelSchema.parse({
    name,
    family: classifier.family,
    features,
    class_names,
    scaler,
    threshold,
    origin,
    certificate,
  });
  return {
    score(values) {
      const score = pipeline.score(names.map((feature) => toFeatureValue(values, feature)));
      return { prediction: pipeline.toPrediction(score), score, model: name };
    },
    describe: () => description,
    fault: () => undefined,
  };
}

function createAbsentModel(fault: string): ModelInUse {
  const refuse = () => {
    throw new ApiError('model_unavailable', { detail: fault, headers: { 'Retry-After': '10' } });
  };
  return { score: refuse, describe: refuse, fault: () => fault };
}

/** Loads and verifies an artifact. One that cannot be trusted is not used, and its fault is kept to be told. */
export async function loadModel(path: string): Promise<ModelInUse> {
  try {
    const model = createModel(await loadArtifact(path));
    model.score({ temperature: 0, humidity: 0, sound_volume: 0 });
    return model;
  } catch (error) {
    return createAbsentModel(error instanceof Error ? error.message : String(error));
  }
}
