import type { Explanation, ExtrasQuery, FeatureValues, Vote } from '@sensor-sentinel/contracts';
import { ApiError } from '../../http/errors.ts';
import type { ModelRegistry } from './model-registry.ts';
import type { ServedModel } from './served-model.ts';

/** The predictions of all loaded models that can score readings, sorted by name. */
export function listVotes(registry: ModelRegistry, values: FeatureValues): Vote[] {
  const models = new Map(registry.loaded().map((model) => [model.name, model]));
  return [...models.values()]
    .filter(({ obstacle }) => obstacle === undefined)
    .map((model) => model.vote(values))
    .sort((a, b) => (a.model < b.model ? -1 : 1));
}

/** Finds the model that scored a stored reading. @throws ApiError `explanation_unavailable` if it is not loaded */
export function requireScorer(registry: ModelRegistry, name: string): ServedModel {
  const scorer = registry.loaded().find((model) => model.name === name);
  if (scorer) return scorer;
  const detail = `The reading was scored by ${name}, which is not loaded. Put its file into MODEL_DIR.`;
  throw new ApiError('explanation_unavailable', { detail });
}

interface ExtrasOptions {
  registry: ModelRegistry;
  /** Returns the model that scored the values. */
  findScorer: () => ServedModel;
  values: FeatureValues;
}

/** Computes the parts of a response that `explain=true` and `votes=true` add. @throws ApiError `explanation_unavailable` */
export function computeExtras(
  { explain, votes }: ExtrasQuery,
  { registry, findScorer, values }: ExtrasOptions,
): { explanation?: Explanation; votes?: Vote[] } {
  return {
    ...(explain && { explanation: findScorer().explain(values) }),
    ...(votes && { votes: listVotes(registry, values) }),
  };
}
