import type { Pool } from 'mysql2/promise';
import type { Logger } from 'pino';
import { type ActivateModel, createActivateModel } from './activate-model.ts';
import { type ActivationFollower, createActivationFollower } from './activation-follower.ts';
import { createModelFolder } from './model-folder.ts';
import { createModelInUse, type ModelInUse } from './model-in-use.ts';
import { createModelRegistry, type ModelRegistry } from './model-registry.ts';

/** The services that load, select and activate models. */
export interface Models {
  inUse: ModelInUse;
  registry: ModelRegistry;
  follower: ActivationFollower;
  activate: ActivateModel;
}

interface CreateModelsOptions {
  directory: string;
  modelName: string;
  pool: Pool;
  log: Logger;
  now: () => Date;
}

/** Wires the services. No model is loaded until the follower runs. */
export function createModels({ directory, modelName, pool, log, now }: CreateModelsOptions): Models {
  const folder = createModelFolder(directory);
  const inUse = createModelInUse(log);
  const registry = createModelRegistry(folder, inUse);
  const follower = createActivationFollower({ folder, registry, inUse, modelName, pool, log });
  const activate = createActivateModel({ registry, follower, inUse, modelName, pool, now });
  return { inUse, registry, follower, activate };
}
