import type { Explanation, ExtrasQuery, FeatureValues, Vote } from '@sensor-sentinel/contracts';
import { ApiError } from '../../http/errors.ts';
import type { ModelRegistry } from './model-registry.ts';
import type { ServedModel } from './served-model.ts';

/** What each loaded model that takes readings says, by name. */
export function listVotes(registry: ModelRegistry, values: FeatureValues): Vote[] {
  const models = new Map(registry.loaded().map((model) => [model.name, model]));
  return [...models.values()]
    .filter(({ obstacle }) => obstacle === undefined)
    .map((model) => model.vote(values))
    .sort((a, b) => (a.model < b.model ? -1 : 1));
}

/** The very model that scored a stored reading. @throws ApiError `explanation_unavailable` */
export function requireScorer(registry: ModelRegistry, name: string): ServedModel {
  const scorer = registry.loaded().find((model) => model.name === name);
  if (scorer) return scorer;
  const detail = `the reading was scored by ${name}, which is not loaded: put its file into MODEL_DIR to explain it`;
  throw new ApiError('explanation_unavailable', { detail });
}

interface ExtrasOptions {
  registry: ModelRegistry;
  /** Finds the model that scored the values. */
  findScorer: () => ServedModel;
  values: FeatureValues;
}

/** What `explain=true` and `votes=true` add to an answer. */
export function computeExtras(
  { explain, votes }: ExtrasQuery,
  { registry, findScorer, values }: ExtrasOptions,
): { explanation?: Explanation; votes?: Vote[] } {
  return {
    ...(explain && { explanation: findScorer().explain(values) }),
    ...(votes && { votes: listVotes(registry, values) }),
  };
}
