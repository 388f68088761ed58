import type { Models } from '@sensor-sentinel/contracts';
import { ApiError } from '../../http/errors.ts';
import type { ModelFolder } from './model-folder.ts';
import type { ModelInUse } from './model-in-use.ts';
import { type ServedModel, toStem } from './served-model.ts';

/** Every model that this process can ask. */
export interface ModelRegistry {
  /** Those of the folder, and what serves or served before even where its file is gone or was overwritten. */
  loaded: () => readonly ServedModel[];
  /** All of this name, then those that came from the file of this name; for `best`, the winner of cross-validation. */
  findAll: (name: string) => readonly ServedModel[];
  /** Looks into the folder, then finds one that may serve. @throws ApiError `not_found`, `model_faulty` */
  choose: (name: string) => Promise<ServedModel>;
  /** Looks into the folder, then tells all. */
  describe: () => Promise<Models>;
}

/** The name that stands for whatever won cross-validation. */
export const bestModelName = 'best';

export function createModelRegistry(folder: ModelFolder, inUse: ModelInUse): ModelRegistry {
  function loaded(): ServedModel[] {
    const models = [...folder.models()];
    for (const kept of [inUse.active(), inUse.servedBefore()]) {
      if (kept && !models.some(({ name }) => name === kept.name)) models.push(kept);
    }
    return models;
  }

  function findAll(name: string): ServedModel[] {
    const models = loaded();
    if (name === bestModelName) return listByCrossValidation(models);
    const namesakes = models.filter((model) => model.name === name);
    return [...namesakes, ...models.filter((model) => model.name !== name && toStem(model.file) === name)];
  }

  return {
    loaded,
    findAll,
    async choose(name) {
      await folder.scan();
      const [model] = findAll(name);
      if (model === undefined) throw toMissingError(name, { folder, loaded: loaded() });
      if (model.obstacle === undefined) return model;
      throw new ApiError('model_faulty', { detail: `${model.name} cannot serve: ${model.obstacle}` });
    },
    async describe() {
      await folder.scan();
      const onDisk = new Set(folder.models());
      return {
        active: inUse.active()?.name ?? null,
        previous: inUse.previous(),
        models: loaded().map((model) => ({
          ...model.description,
          file: model.file,
          on_disk: onDisk.has(model),
          ...(model.obstacle !== undefined && { obstacle: model.obstacle }),
        })),
        faults: [...folder.faults()],
      };
    },
  };
}

/** Those that can score readings and were cross-validated, the most accurate first. */
function listByCrossValidation(models: readonly ServedModel[]): ServedModel[] {
  return models
    .filter((model) => model.obstacle === undefined && meanAccuracy(model) !== undefined)
    .sort((a, b) => (meanAccuracy(b) ?? 0) - (meanAccuracy(a) ?? 0));
}

function meanAccuracy({ description: { origin } }: ServedModel): number | undefined {
  return origin.kind === 'trained' ? origin.cross_validation?.mean : undefined;
}

function toMissingError(
  name: string,
  { folder, loaded }: { folder: ModelFolder; loaded: readonly ServedModel[] },
): ApiError {
  const faulty = folder.faults().find(({ file }) => toStem(file) === name);
  if (faulty) return new ApiError('model_faulty', { detail: faulty.detail });
  const known =
    loaded.length === 0 ? 'there is none' : `known: ${loaded.map((model) => model.name).join(', ')}`;
  return new ApiError('not_found', { detail: `there is no model ${name}; ${known}` });
}
