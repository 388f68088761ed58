import type { Logger } from 'pino';
import { ApiError, type ProblemCode } from '../../http/errors.ts';
import type { ServedModel } from './served-model.ts';

export interface Fault {
  code: Extract<ProblemCode, 'database_unavailable' | 'model_unavailable'>;
  detail: string;
}

/** The model that scores, or the reason why none does; the one place where models are swapped. */
export interface ModelInUse {
  /** Whoever answers a request asks once, so that one model answers it. @throws ApiError where nothing may score */
  serving: () => ServedModel;
  active: () => ServedModel | undefined;
  /** What this process served before, even where its file is gone. */
  servedBefore: () => ServedModel | undefined;
  /** The name of what was active before, for rollback. */
  previous: () => string | null;
  /** Why the model that should serve does not; undefined when all is well. */
  fault: () => Fault | undefined;
  serve: (model: ServedModel, previous: string | null) => void;
  /** Hears whenever another model serves. */
  onServe: (listener: () => void) => void;
  /** Keeps what serves, if anything does, and tells that it should not be that. */
  refuse: (fault: Fault) => void;
}

export function createModelInUse(log: Logger): ModelInUse {
  let active: ServedModel | undefined;
  let servedBefore: ServedModel | undefined;
  let previous: string | null = null;
  let fault: Fault | undefined;
  const listeners: (() => void)[] = [];

  return {
    serving() {
      if (active) return active;
      const { code, detail } = fault ?? { code: 'model_unavailable', detail: 'no model was loaded yet' };
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
      log.info({ model: model.name, previous }, 'model serves');
      for (const listener of listeners) listener();
    },
    onServe: (listener) => void listeners.push(listener),
    refuse(next) {
      if (next.detail !== fault?.detail) log.error({ serving: active?.name ?? null }, next.detail);
      fault = next;
    },
  };
}
