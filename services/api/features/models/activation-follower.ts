import type { Pool } from 'mysql2/promise';
import type { Logger } from 'pino';
import { coalesce } from '../../coalesce.ts';
import { toDatabaseFault } from '../../storage/database-errors.ts';
import type { TypeRegistry } from '../types/type-registry.ts';
import { listLastActivations, type StoredActivation } from './activations.ts';
import type { ModelFolder } from './model-folder.ts';
import { bestModelName, type ModelRegistry } from './model-registry.ts';
import type { ModelsInUse } from './models-in-use.ts';
import { type ServedModel, toStem } from './served-model.ts';

export type ActivationFollower = ReturnType<typeof createActivationFollower>;

interface FollowerOptions {
  folder: ModelFolder;
  registry: ModelRegistry;
  inUse: ModelsInUse;
  types: TypeRegistry;
  /** MODEL_NAME, for the default type: a file name without `.json`, or the name of an artifact. */
  modelName: string;
  pool: Pool;
  log: Logger;
}

/** The model that should be active for a type. */
interface Target {
  typeName: string;
  name: string;
  previous: string | null;
  /** `seq` of the last known activation. */
  seq: number;
  /** Undefined if MODEL_NAME selects the model. */
  activatedAt?: string;
}

/**
 * Selects the active model of each type: its last activation in the database or, for the default type, MODEL_NAME if there is
 * none. Starts without targets; the first `follow` or `adopt` sets them.
 */
export function createActivationFollower(options: FollowerOptions) {
  const { folder, registry, inUse, types, modelName, pool, log } = options;
  const targets = new Map<string, Target>();
  const settled = new WeakSet<Target>();
  const setTarget = (target: Target) => void targets.set(target.typeName, target);

  function serve(model: ServedModel, target: Target): void {
    settled.add(target);
    inUse.serve(model, target.previous);
  }

  async function settle(target: Target): Promise<void> {
    if (findTarget(target, registry) === undefined) await folder.scan();
    if (targets.get(target.typeName) !== target) return; // another model was activated meanwhile
    const model = findTarget(target, registry);
    if (model && registry.findObstacle(model) === undefined) serve(model, target);
    else if (!isWithoutModel(target, options))
      inUse.setFault(target.typeName, {
        code: 'model_unavailable',
        detail: describeAbsence(target, options),
      });
  }

  /** The default type has a target from the first poll on: the last activation applies only if MODEL_NAME is the same since. */
  function setInitialTarget(last: StoredActivation | undefined): void {
    const typeName = types.defaultName;
    if (last?.configured === modelName) {
      setTarget(toTarget(last, typeName));
      return;
    }
    setTarget({ typeName, name: modelName, previous: last?.model ?? null, seq: last?.seq ?? 0 });
    if (last === undefined) return;
    log.warn(
      `ignoring the activation of ${last.model}: MODEL_NAME was ${last.configured} then and is ${modelName} now`,
    );
  }

  async function readTargets(): Promise<void> {
    await types.refresh();
    const lasts = await listLastActivations(pool);
    const defaultType = await types.require();
    if (!targets.has(defaultType.name)) setInitialTarget(lasts.find(({ type }) => type === defaultType.id));
    for (const last of lasts) {
      const { name } = await types.requireById(last.type);
      if (last.seq > (targets.get(name)?.seq ?? 0)) setTarget(toTarget(last, name));
    }
  }

  async function followOnce(): Promise<void> {
    try {
      await readTargets();
      for (const target of targets.values()) if (!settled.has(target)) await settle(target);
      inUse.setUnread(undefined);
    } catch (error) {
      log.debug({ err: error }, 'the last activations could not be read');
      if (targets.size > 0) return;
      const detail = `The last activation is not known yet, because it could not be read: ${toDatabaseFault(error)}`;
      inUse.setUnread({ code: 'database_unavailable', detail });
    }
  }

  return {
    /** Polls the database for types and activations, and applies them. Never rejects. */
    follow: coalesce(followOnce),
    /** Applies an activation by this process immediately. */
    adopt(activation: StoredActivation, model: ServedModel): void {
      const current = targets.get(model.typeName);
      if (current && activation.seq < current.seq) return; // a later activation is already known
      const next = toTarget(activation, model.typeName);
      setTarget(next);
      serve(model, next);
    },
  };
}

function findTarget(
  { name, typeName, activatedAt }: Target,
  registry: ModelRegistry,
): ServedModel | undefined {
  const [model] = registry.findAll(name).filter((found) => found.typeName === typeName);
  // An activation names an artifact, never a file.
  return activatedAt === undefined || model?.name === name ? model : undefined;
}

/** With MODEL_NAME=best, a default type without any artifact simply has no model yet. */
function isWithoutModel({ name, typeName }: Target, { folder, registry }: FollowerOptions): boolean {
  const hasModels = registry.loaded().some((model) => model.typeName === typeName);
  return name === bestModelName && !hasModels && folder.faults().length === 0;
}

function describeAbsence(target: Target, { folder, registry, inUse, modelName }: FollowerOptions): string {
  const { name, typeName, activatedAt } = target;
  const model = findTarget(target, registry);
  if (model) return `${model.name} cannot serve: ${registry.findObstacle(model)}`;
  const active = inUse.active(typeName);
  const faults = folder.faults();
  const own = faults.find(({ file }) => toStem(file) === name);
  if (activatedAt === undefined && own) return own.detail;
  const known = registry.loaded().map((loaded) => loaded.name);
  return [
    activatedAt === undefined
      ? `MODEL_NAME is ${name}, but ${folder.directory} has no such artifact.`
      : `${name}, activated at ${activatedAt}, is not in ${folder.directory}.`,
    active ? `${active.name} stays active.` : 'Readings cannot be scored.',
    'Restore its file, activate another model with POST /models/<name>/activate,',
    `or restart with a MODEL_NAME other than ${modelName}.`,
    `Loaded: ${known.join(', ') || 'none'}.`,
    ...(faults.length > 0
      ? [`Faulty files: ${faults.map(({ file }) => file).join(', ')}. GET /models lists their faults.`]
      : []),
  ].join(' ');
}

function toTarget({ model, previous, seq, activated_at }: StoredActivation, typeName: string): Target {
  return { typeName, name: model, previous, seq, activatedAt: activated_at };
}
