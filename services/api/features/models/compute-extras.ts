import type { Explanation, ExtrasQuery, Vote } from '@sensor-sentinel/contracts';
import { ApiError } from '../../http/errors.ts';
import type { LoadedType, Values } from '../types/sensor-type.ts';
import type { ModelRegistry } from './model-registry.ts';
import type { BoundModel } from './served-model.ts';

/** The values of one reading. */
interface TypedValues {
  type: LoadedType;
  values: Values;
}

/** The predictions of all loaded models that can score the values, sorted by name. */
export function listVotes(registry: ModelRegistry, { type, values }: TypedValues): Vote[] {
  const models = new Map(registry.loaded().map((model) => [model.name, model]));
  const isComplete = values.every((value) => value !== null);
  return [...models.values()]
    .filter(({ typeName }) => typeName === type.name)
    .map((model) => model.bind(type))
    .filter(({ obstacle, acceptsMissing }) => obstacle === undefined && (isComplete || acceptsMissing))
    .map((model) => model.vote(values))
    .sort((a, b) => (a.model < b.model ? -1 : 1));
}

/** Finds the model that scored a stored reading. @throws ApiError `explanation_unavailable` if it is not loaded */
export function requireScorer(registry: ModelRegistry, type: LoadedType, name: string | null): BoundModel {
  if (name === null)
    throw new ApiError('explanation_unavailable', { detail: 'No model has scored the reading.' });
  const scorer = registry.loaded().find((model) => model.name === name);
  if (scorer) return scorer.bind(type);
  const detail = `The reading was scored by ${name}, which is not loaded. Put its file into MODEL_DIR.`;
  throw new ApiError('explanation_unavailable', { detail });
}

interface ExtrasOptions {
  registry: ModelRegistry;
  /** Returns the model that scored the values. */
  findScorer: () => BoundModel;
  reading: TypedValues;
}

/** Computes the parts of a response that `explain=true` and `votes=true` add. @throws ApiError `explanation_unavailable` */
export function computeExtras(
  { explain, votes }: ExtrasQuery,
  { registry, findScorer, reading }: ExtrasOptions,
): { explanation?: Explanation; votes?: Vote[] } {
  return {
    ...(explain && { explanation: findScorer().explain(reading.values) }),
    ...(votes && { votes: listVotes(registry, reading) }),
  };
}
