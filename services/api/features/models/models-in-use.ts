import type { Logger } from 'pino';
import { ApiError, type ProblemCode } from '../../http/errors.ts';
import type { LoadedType } from '../types/sensor-type.ts';
import type { BoundModel, ServedModel } from './served-model.ts';

/** Why the model that should be active is not. */
export interface Fault {
  code: Extract<ProblemCode, 'database_unavailable' | 'model_unavailable'>;
  detail: string;
}

/** The state of one type. Without `active` and `fault`, the type has no model. */
interface InUse {
  active: ServedModel | undefined;
  servedBefore: ServedModel | undefined;
  previous: string | null;
  fault: Fault | undefined;
}

const nothing: InUse = { active: undefined, servedBefore: undefined, previous: null, fault: undefined };

const notLoadedYet: Fault = {
  code: 'model_unavailable',
  detail: 'No model is loaded yet. Try again in a few seconds.',
};

export type ModelsInUse = ReturnType<typeof createModelsInUse>;

/** Holds the active model of each type, or the reason why there is none. Models are swapped only here. */
export function createModelsInUse(log: Logger) {
  const byType = new Map<string, InUse>();
  let unread: Fault | undefined = notLoadedYet;
  const listeners: ((typeName: string) => void)[] = [];
  const inUse = (typeName: string) => byType.get(typeName) ?? nothing;

  return {
    /**
     * The active model of a type, undefined if the type has no model. Call it once per request, so that one model answers it.
     * @throws ApiError if a model should be active and is not
     */
    serving(type: LoadedType): BoundModel | undefined {
      const { active, fault } = inUse(type.name);
      const missing = active ? undefined : (unread ?? fault);
      if (missing) throw new ApiError(missing.code, { detail: missing.detail });
      const bound = active?.bind(type);
      if (bound?.obstacle === undefined) return bound;
      throw new ApiError('model_unavailable', { detail: `${bound.name} cannot serve: ${bound.obstacle}` });
    },
    active: (typeName: string) => inUse(typeName).active,
    /** The models that are active, or were active before in this process, even if their files were removed. */
    kept: () => [...byType.values()].flatMap(({ active, servedBefore }) => [active, servedBefore]),
    /** The name of the previously active model of a type, for a rollback. */
    previous(typeName: string): string | null {
      const { active, previous } = inUse(typeName);
      return previous === active?.name ? null : previous;
    },
    /** Why the configured or last activated model of a type is not active; undefined if it is, or if there is none. */
    fault: (typeName: string) => unread ?? inUse(typeName).fault,
    /** Makes a model active. */
    serve(model: ServedModel, before: string | null): void {
      const { typeName } = model;
      const { active, servedBefore } = inUse(typeName);
      const isSame = active?.name === model.name;
      byType.set(typeName, {
        active: isSame ? active : model,
        servedBefore: isSame ? servedBefore : active,
        previous: before,
        fault: undefined,
      });
      if (isSame) return;
      log.info({ type: typeName, model: model.name, previous: before }, 'model activated');
      for (const listener of listeners) listener(typeName);
    },
    /** Calls the listener whenever another model becomes active. */
    onServe: (listener: (typeName: string) => void) => void listeners.push(listener),
    /** Keeps the active model of a type, if any, and reports that another one should be active. */
    setFault(typeName: string, fault: Fault): void {
      const before = inUse(typeName);
      if (fault.detail !== before.fault?.detail)
        log.error({ type: typeName, serving: before.active?.name ?? null }, fault.detail);
      byType.set(typeName, { ...before, fault });
    },
    /** Sets why it is not known yet which models should be active; undefined once it is known. */
    setUnread(fault: Fault | undefined): void {
      if (fault !== undefined && fault.detail !== unread?.detail) log.error(fault.detail);
      unread = fault;
    },
  };
}
