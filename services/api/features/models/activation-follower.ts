import type { Pool } from 'mysql2/promise';
import type { Logger } from 'pino';
import { coalesce } from '../../coalesce.ts';
import { toDatabaseFault } from '../../storage/database-errors.ts';
import { findLastActivation, type StoredActivation } from './activations.ts';
import type { ModelFolder } from './model-folder.ts';
import type { ModelInUse } from './model-in-use.ts';
import type { ModelRegistry } from './model-registry.ts';
import { type ServedModel, toStem } from './served-model.ts';

/** Decides which model serves: by the last activation in the database, and by MODEL_NAME until there is one. */
export interface ActivationFollower {
  /** Asks the database for the last activation and serves by it. Never rejects. */
  follow: () => Promise<void>;
  /** Serves by an activation of this process's own, at once. */
  adopt: (activation: StoredActivation, model: ServedModel) => void;
}

interface FollowerOptions {
  folder: ModelFolder;
  registry: ModelRegistry;
  inUse: ModelInUse;
  /** MODEL_NAME: a file without its `.json`, or the name of an artifact. */
  modelName: string;
  pool: Pool;
  log: Logger;
}

/** Which model is to serve. */
interface Wanted {
  name: string;
  previous: string | null;
  /** Of the last activation that is known. */
  seq: number;
  /** Undefined where MODEL_NAME decides. */
  activatedAt?: string;
}

export function createActivationFollower(options: FollowerOptions): ActivationFollower {
  const { folder, registry, inUse, modelName, pool, log } = options;
  let wanted: Wanted | undefined;
  let isSettled = false;

  function want(next: Wanted): void {
    wanted = next;
    isSettled = false;
  }

  function serve(model: ServedModel, { previous }: Wanted): void {
    isSettled = true;
    inUse.serve(model, previous);
  }

  async function settle(target: Wanted): Promise<void> {
    if (findWanted(target, registry) === undefined) await folder.scan();
    if (wanted !== target) return; // another was activated meanwhile
    const model = findWanted(target, registry);
    if (model && model.obstacle === undefined) serve(model, target);
    else inUse.refuse({ code: 'model_unavailable', detail: describeAbsence(target, options) });
  }

  async function followOnce(): Promise<void> {
    try {
      const last = await findLastActivation(pool);
      if (wanted === undefined) {
        want(decideAtStart(last, modelName));
        if (last && last.configured !== modelName) {
          log.warn(`MODEL_NAME is ${modelName}; ${last.model} was activated when it was ${last.configured}`);
        }
      } else if (last && last.seq > wanted.seq) want(toWanted(last));
      if (wanted && !isSettled) await settle(wanted);
    } catch (error) {
      log.debug({ err: error }, 'the activations could not be followed');
      if (wanted !== undefined) return;
      const detail = `It is not known yet which model was activated last: ${toDatabaseFault(error)}`;
      inUse.refuse({ code: 'database_unavailable', detail });
    }
  }

  return {
    follow: coalesce(followOnce),
    adopt(activation, model) {
      if (wanted && activation.seq < wanted.seq) return; // a later one is known already
      const next = toWanted(activation);
      want(next);
      serve(model, next);
    },
  };
}

function findWanted({ name, activatedAt }: Wanted, registry: ModelRegistry): ServedModel | undefined {
  const [model] = registry.findAll(name);
  // An activation means that very artifact, whatever its file is called.
  return activatedAt === undefined || model?.name === name ? model : undefined;
}

function describeAbsence(wanted: Wanted, { folder, registry, inUse, modelName }: FollowerOptions): string {
  const { name, activatedAt } = wanted;
  const model = findWanted(wanted, registry);
  if (model) return `${model.name} cannot serve: ${model.obstacle}`;
  const active = inUse.active();
  const faults = folder.faults();
  const own = faults.find(({ file }) => toStem(file) === name);
  if (activatedAt === undefined && own) return own.detail;
  const known = registry.loaded().map((loaded) => loaded.name);
  return [
    activatedAt === undefined
      ? `MODEL_NAME is ${name}, but ${folder.directory} has no such artifact.`
      : `${name}, activated at ${activatedAt}, is in no file of ${folder.directory}.`,
    active ? `${active.name} goes on serving.` : 'Nothing is scored.',
    'Put its file there, or POST /models/<name>/activate another,',
    `or start with a MODEL_NAME other than ${modelName}.`,
    `Loaded: ${known.join(', ') || 'none'}.`,
    ...(faults.length > 0
      ? [`Refused: ${faults.map(({ file }) => file).join(', ')}; GET /models says why.`]
      : []),
  ].join(' ');
}

/** An activation counts as long as MODEL_NAME is what it was when it was made. */
function decideAtStart(last: StoredActivation | undefined, modelName: string): Wanted {
  if (last?.configured === modelName) return toWanted(last);
  return { name: modelName, previous: last?.model ?? null, seq: last?.seq ?? 0 };
}

function toWanted({ model, previous, seq, activated_at }: StoredActivation): Wanted {
  return { name: model, previous, seq, activatedAt: activated_at };
}
