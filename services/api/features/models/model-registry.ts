import {
  type Models,
  type SensorTypeInput,
  sensorTypeInputSchema,
  toIssueTexts,
} from '@sensor-sentinel/contracts';
import { ApiError } from '../../http/errors.ts';
import type { TypeRegistry } from '../types/type-registry.ts';
import type { ModelFolder } from './model-folder.ts';
import type { ModelsInUse } from './models-in-use.ts';
import { type ServedModel, toStem } from './served-model.ts';

export type ModelRegistry = ReturnType<typeof createModelRegistry>;

/** The MODEL_NAME that selects the model with the best cross-validation. */
export const bestModelName = 'best';

interface RegistryOptions {
  folder: ModelFolder;
  inUse: ModelsInUse;
  types: TypeRegistry;
}

/** All loaded models: those of the folder and of `inUse`. */
export function createModelRegistry({ folder, inUse, types }: RegistryOptions) {
  /** The models of the folder, and the active and the previous ones, even if their files were removed or overwritten. */
  function loaded(): ServedModel[] {
    const models = [...folder.models()];
    for (const kept of inUse.kept()) {
      if (kept && !models.some(({ name }) => name === kept.name)) models.push(kept);
    }
    return models;
  }

  /** Why the model cannot score the readings of its type; undefined if it can. */
  function findObstacle(model: ServedModel): string | undefined {
    const type = types.find(model.typeName);
    if (type !== undefined) return model.bind(type).obstacle;
    const { error } = sensorTypeInputSchema.safeParse(toTypeOf(model));
    const faults = error && toIssueTexts(error).join('; ');
    return (
      faults &&
      `its sensor type ${model.typeName} does not exist and cannot be made of its features: ${faults}`
    );
  }

  /**
   * Models of this name, then models from the file of this name. `best` lists models of the default type by cross-validated
   * accuracy.
   */
  function findAll(name: string): ServedModel[] {
    const models = loaded();
    if (name === bestModelName) {
      const ofType = models.filter(({ typeName }) => typeName === types.defaultName);
      return listByCrossValidation(ofType.filter((model) => findObstacle(model) === undefined));
    }
    const namesakes = models.filter((model) => model.name === name);
    return [...namesakes, ...models.filter((model) => model.name !== name && toStem(model.file) === name)];
  }

  return {
    loaded,
    /** Loads the models whose files are new or changed. */
    scan: folder.scan,
    findAll,
    findObstacle,
    /** Scans the folder, then returns the model of this name. @throws ApiError `not_found`, `model_faulty` */
    async choose(name: string): Promise<ServedModel> {
      await folder.scan();
      const [model] = findAll(name);
      if (model === undefined) throw toMissingError(name, { folder, loaded: loaded() });
      await types.refresh();
      const obstacle = findObstacle(model);
      if (obstacle === undefined) return model;
      throw new ApiError('model_faulty', { detail: `${model.name} cannot serve: ${obstacle}` });
    },
    /**
     * Scans the folder, then describes all models of a type, and all faults. The type of a model need not exist before its
     * activation. @throws ApiError `validation_failed` if there is neither the type nor a model of it; StorageError
     */
    async describe(type: string): Promise<Models> {
      await folder.scan();
      if (!loaded().some(({ typeName }) => typeName === type)) await types.require(type);
      const onDisk = new Set(folder.models());
      return {
        type,
        active: inUse.active(type)?.name ?? null,
        previous: inUse.previous(type),
        models: loaded()
          .filter(({ typeName }) => typeName === type)
          .map((model) => toListed(model, { isOnDisk: onDisk.has(model), obstacle: findObstacle(model) })),
        faults: [...folder.faults()],
      };
    },
  };
}

function toListed(
  { description, file }: ServedModel,
  { isOnDisk, obstacle }: { isOnDisk: boolean; obstacle: string | undefined },
): Models['models'][number] {
  return { ...description, file, on_disk: isOnDisk, ...(obstacle !== undefined && { obstacle }) };
}

/** The sensor type that the activation of a model makes if it does not exist. */
export function toTypeOf({ typeName, description }: ServedModel): SensorTypeInput {
  return { name: typeName, features: description.features.map(({ name, unit }) => ({ name, unit })) };
}

/** Cross-validated models, the most accurate first. */
function listByCrossValidation(models: readonly ServedModel[]): ServedModel[] {
  return models
    .filter((model) => meanAccuracy(model) !== undefined)
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
