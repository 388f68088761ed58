import type { Models } from '@sensor-sentinel/contracts';
import { ApiError } from '../../http/errors.ts';
import type { ModelFolder } from './model-folder.ts';
import type { ModelInUse } from './model-in-use.ts';
import { type ServedModel, toStem } from './served-model.ts';

export type ModelRegistry = ReturnType<typeof createModelRegistry>;

/** The MODEL_NAME that selects the model with the best cross-validation. */
export const bestModelName = 'best';

/** All loaded models: those of the folder and of `inUse`. */
export function createModelRegistry(folder: ModelFolder, inUse: ModelInUse) {
  /** The models of the folder, and the active and the previous one, even if their files were removed or overwritten. */
  function loaded(): ServedModel[] {
    const models = [...folder.models()];
    for (const kept of [inUse.active(), inUse.servedBefore()]) {
      if (kept && !models.some(({ name }) => name === kept.name)) models.push(kept);
    }
    return models;
  }

  /** Models of this name, then models from the file of this name. `best` lists models by cross-validated accuracy. */
  function findAll(name: string): ServedModel[] {
    const models = loaded();
    if (name === bestModelName) return listByCrossValidation(models);
    const namesakes = models.filter((model) => model.name === name);
    return [...namesakes, ...models.filter((model) => model.name !== name && toStem(model.file) === name)];
  }

  return {
    loaded,
    findAll,
    /** Scans the folder, then returns the model of this name. @throws ApiError `not_found`, `model_faulty` */
    async choose(name: string): Promise<ServedModel> {
      await folder.scan();
      const [model] = findAll(name);
      if (model === undefined) throw toMissingError(name, { folder, loaded: loaded() });
      if (model.obstacle === undefined) return model;
      throw new ApiError('model_faulty', { detail: `${model.name} cannot serve: ${model.obstacle}` });
    },
    /** Scans the folder, then describes all models and faults. */
    async describe(): Promise<Models> {
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

/** Cross-validated models that can score readings, the most accurate first. */
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
    loaded.length === 0 ? 'none is loaded' : `loaded: ${loaded.map((model) => model.name).join(', ')}`;
  return new ApiError('not_found', { detail: `There is no model ${name}; ${known}.` });
}
