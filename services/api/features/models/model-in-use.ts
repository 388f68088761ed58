import type { Logger } from 'pino';
import { ApiError, type ProblemCode } from '../../http/errors.ts';
import type { ServedModel } from './served-model.ts';

/** Why the model that should be active is not. */
export interface Fault {
  code: Extract<ProblemCode, 'database_unavailable' | 'model_unavailable'>;
  detail: string;
}

export type ModelInUse = ReturnType<typeof createModelInUse>;

/** Holds the active model, or the reason why there is none. Models are swapped only here. Starts without a model. */
export function createModelInUse(log: Logger) {
  let active: ServedModel | undefined;
  let servedBefore: ServedModel | undefined;
  let previous: string | null = null;
  let fault: Fault | undefined;
  const listeners: (() => void)[] = [];

  return {
    /** The active model. Call it once per request, so that one model answers it. @throws ApiError if there is none */
    serving(): ServedModel {
      if (active) return active;
      const { code, detail } = fault ?? {
        code: 'model_unavailable',
        detail: 'No model is loaded yet. Try again in a few seconds.',
      };
      throw new ApiError(code, { detail });
    },
    active: () => active,
    /** The model that was active before in this process, even if its file was removed. */
    servedBefore: () => servedBefore,
    /** The name of the previously active model, for a rollback. */
    previous: () => (previous === active?.name ? null : previous),
    /** Why the configured or last activated model is not active; undefined if it is. */
    fault: () => fault,
    /** Makes a model active. */
    serve(model: ServedModel, before: string | null): void {
      fault = undefined;
      previous = before;
      if (model.name === active?.name) return;
      servedBefore = active;
      active = model;
      log.info({ model: model.name, previous }, 'model activated');
      for (const listener of listeners) listener();
    },
    /** Calls the listener whenever another model becomes active. */
    onServe: (listener: () => void) => void listeners.push(listener),
    /** Keeps the active model, if any, and reports that another one should be active. */
    setFault(next: Fault): void {
      if (next.detail !== fault?.detail) log.error({ serving: active?.name ?? null }, next.detail);
      fault = next;
    },
  };
}
