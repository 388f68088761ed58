import type { TypeAnswer } from '@sensor-sentinel/contracts';
import { createZone, type Zone } from '../time/zone.ts';
import { formatUrlState } from './format-url-state.ts';
import { findType, type ParsedUrlState, parseUrlState } from './parse-url-state.ts';
import { loadZoneName, saveZoneName } from './remembered-zone.ts';
import type { UrlState } from './url-state.ts';

type Change = (state: UrlState) => UrlState;

export interface Address extends ParsedUrlState {
  /** The time zone that `state.zone` names. */
  zone: Zone;
  /** All sensor types, and the one that is shown; null until they are loaded. */
  types: readonly TypeAnswer[] | null;
  type: TypeAnswer | null;
}

export interface UrlStore {
  read: () => Address;
  subscribe: (listener: () => void) => () => void;
  /** Adds a history entry, so that the back button undoes the change. */
  push: (change: Change) => void;
  /** Replaces the history entry, for typing. */
  replace: (change: Change) => void;
  /** Sets the sensor types, by which some parameters are validated. */
  setTypes: (types: readonly TypeAnswer[]) => void;
}

export function createUrlStore(window: Window): UrlStore {
  const listeners = new Set<() => void>();
  let queryString = window.location.search;
  let types: readonly TypeAnswer[] | null = null;
  let address = parse(null);

  function parse(before: Address | null): Address {
    const parsed = parseUrlState(queryString, { zone: loadZoneName(window), types });
    const isSameZone = before?.state.zone === parsed.state.zone;
    const zone = isSameZone ? before.zone : createZone(parsed.state.zone);
    return { ...parsed, zone, types, type: findType(types, parsed.state.type) };
  }

  function read(): Address {
    if (window.location.search !== queryString) {
      queryString = window.location.search;
      address = parse(address);
    }
    return address;
  }

  function write(change: Change, method: 'pushState' | 'replaceState') {
    const before = read().state;
    const state = change(before);
    if (state.zone !== before.zone) saveZoneName(window, state.zone);
    const next = `?${formatUrlState(state)}`;
    if (next === window.location.search) return;
    window.history[method](null, '', next);
    notify();
  }

  function notify() {
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
    setTypes: (loaded) => {
      if (loaded === types) return;
      types = loaded;
      address = parse(address);
      notify();
    },
  };
}
