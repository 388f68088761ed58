import type { Pool } from 'mysql2/promise';
import type { Logger } from 'pino';
import { coalesce } from '../../coalesce.ts';
import { toDatabaseFault } from '../../storage/database-errors.ts';
import { findLastActivation, type StoredActivation } from './activations.ts';
import type { ModelFolder } from './model-folder.ts';
import type { ModelInUse } from './model-in-use.ts';
import type { ModelRegistry } from './model-registry.ts';
import { type ServedModel, toStem } from './served-model.ts';

export type ActivationFollower = ReturnType<typeof createActivationFollower>;

interface FollowerOptions {
  folder: ModelFolder;
  registry: ModelRegistry;
  inUse: ModelInUse;
  /** MODEL_NAME: a file name without `.json`, or the name of an artifact. */
  modelName: string;
  pool: Pool;
  log: Logger;
}

/** The model that should be active. */
interface Target {
  name: string;
  previous: string | null;
  /** `seq` of the last known activation. */
  seq: number;
  /** Undefined if MODEL_NAME selects the model. */
  activatedAt?: string;
}

/**
 * Selects the active model: the last activation in the database, or MODEL_NAME if there is none. Starts without a target;
 * the first `follow` or `adopt` sets it.
 */
export function createActivationFollower(options: FollowerOptions) {
  const { folder, registry, inUse, modelName, pool, log } = options;
  let current: Target | undefined;
  let isSettled = false;

  function setTarget(next: Target): void {
    current = next;
    isSettled = false;
  }

  function serve(model: ServedModel, { previous }: Target): void {
    isSettled = true;
    inUse.serve(model, previous);
  }

  async function settle(target: Target): Promise<void> {
    if (findTarget(target, registry) === undefined) await folder.scan();
    if (current !== target) return; // another model was activated meanwhile
    const model = findTarget(target, registry);
    if (model && model.obstacle === undefined) serve(model, target);
    else inUse.setFault({ code: 'model_unavailable', detail: describeAbsence(target, options) });
  }

  async function followOnce(): Promise<void> {
    try {
      const last = await findLastActivation(pool);
      if (current === undefined) {
        setTarget(toInitialTarget(last, modelName));
        if (last && last.configured !== modelName) {
          log.warn(
            `ignoring the activation of ${last.model}: MODEL_NAME was ${last.configured} then and is ${modelName} now`,
          );
        }
      } else if (last && last.seq > current.seq) setTarget(toTarget(last));
      if (current && !isSettled) await settle(current);
    } catch (error) {
      log.debug({ err: error }, 'the last activation could not be read');
      if (current !== undefined) return;
      const detail = `The last activation is not known yet, because it could not be read: ${toDatabaseFault(error)}`;
      inUse.setFault({ code: 'database_unavailable', detail });
    }
  }

  return {
    /** Polls the database for the last activation and applies it. Never rejects. */
    follow: coalesce(followOnce),
    /** Applies an activation by this process immediately. */
    adopt(activation: StoredActivation, model: ServedModel): void {
      if (current && activation.seq < current.seq) return; // a later activation is already known
      const next = toTarget(activation);
      setTarget(next);
      serve(model, next);
    },
  };
}

function findTarget({ name, activatedAt }: Target, registry: ModelRegistry): ServedModel | undefined {
  const [model] = registry.findAll(name);
  // An activation names an artifact, never a file.
  return activatedAt === undefined || model?.name === name ? model : undefined;
}

function describeAbsence(target: Target, { folder, registry, inUse, modelName }: FollowerOptions): string {
  const { name, activatedAt } = target;
  const model = findTarget(target, registry);
  if (model) return `${model.name} cannot serve: ${model.obstacle}`;
  const active = inUse.active();
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

/** The last activation applies only if MODEL_NAME has not changed since. */
function toInitialTarget(last: StoredActivation | undefined, modelName: string): Target {
  if (last?.configured === modelName) return toTarget(last);
  return { name: modelName, previous: last?.model ?? null, seq: last?.seq ?? 0 };
}

function toTarget({ model, previous, seq, activated_at }: StoredActivation): Target {
  return { name: model, previous, seq, activatedAt: activated_at };
}
