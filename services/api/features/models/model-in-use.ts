import type { Logger } from 'pino';
import { ApiError, type ProblemCode } from '../../http/errors.ts';
import type { ServedModel } from './served-model.ts';

/** Why the model that should be active is not. */
export interface Fault {
  code: Extract<ProblemCode, 'database_unavailable' | 'model_unavailable'>;
  detail: string;
}

/** Holds the active model, or the reason why there is none. Models are swapped only here. */
export interface ModelInUse {
  /** The active model. Call it once per request, so that one model answers it. @throws ApiError if there is none */
  serving: () => ServedModel;
  active: () => ServedModel | undefined;
  /** The model that was active before in this process, even if its file was removed. */
  servedBefore: () => ServedModel | undefined;
  /** The name of the previously active model, for a rollback. */
  previous: () => string | null;
  /** Why the configured or last activated model is not active; undefined if it is. */
  fault: () => Fault | undefined;
  /** Makes a model active. */
  serve: (model: ServedModel, previous: string | null) => void;
  /** Calls the listener whenever another model becomes active. */
  onServe: (listener: () => void) => void;
  /** Keeps the active model, if any, and reports that another one should be active. */
  setFault: (fault: Fault) => void;
}

/** Creates a holder without a model; `serve` activates one. */
export function createModelInUse(log: Logger): ModelInUse {
  let active: ServedModel | undefined;
  let servedBefore: ServedModel | undefined;
  let previous: string | null = null;
  let fault: Fault | undefined;
  const listeners: (() => void)[] = [];

  return {
    serving() {
      if (active) return active;
      const { code, detail } = fault ?? {
        code: 'model_unavailable',
        detail: 'No model is loaded yet. Try again in a few seconds.',
      };
      throw new ApiError(code, { detail });
    },
    active: () => active,
    servedBefore: () => servedBefore,
    previous: () => (previous === active?.name ? null : previous),
    fault: () => fault,
    serve(model, before) {
      fault = undefined;
      previous = before;
      if (model.name === active?.name) return;
      servedBefore = active;
      active = model;
      log.info({ model: model.name, previous }, 'model activated');
      for (const listener of listeners) listener();
    },
    onServe: (listener) => void listeners.push(listener),
    setFault(next) {
      if (next.detail !== fault?.detail) log.error({ serving: active?.name ?? null }, next.detail);
      fault = next;
    },
  };
}
