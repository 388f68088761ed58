import { formatUrlState } from './format-url-state.ts';
import { type ParsedUrlState, parseUrlState } from './parse-url-state.ts';
import type { UrlState } from './url-state.ts';

type Change = (state: UrlState) => UrlState;

export interface UrlStore {
  read: () => ParsedUrlState;
  subscribe: (listener: () => void) => () => void;
  /** For deliberate changes: the back button undoes them. */
  push: (change: Change) => void;
  /** For typing. */
  replace: (change: Change) => void;
}

export function createUrlStore(window: Window): UrlStore {
  const listeners = new Set<() => void>();
  let queryString = window.location.search;
  let parsed = parseUrlState(queryString);

  function read(): ParsedUrlState {
    if (window.location.search !== queryString) {
      queryString = window.location.search;
      parsed = parseUrlState(queryString);
    }
    return parsed;
  }

  function write(change: Change, method: 'pushState' | 'replaceState') {
    const next = `?${formatUrlState(change(read().state))}`;
    if (next === window.location.search) return;
    window.history[method](null, '', next);
    for (const listener of listeners) listener();
  }

  return {
    read,
    subscribe: (listener) => {
      listeners.add(listener);
      window.addEventListener('popstate', listener);
      return () => {
        listeners.delete(listener);
        window.removeEventListener('popstate', listener);
      };
    },
    push: (change) => write(change, 'pushState'),
    replace: (change) => write(change, 'replaceState'),
  };
}
