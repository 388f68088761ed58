import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Zone } from '../time/zone.ts';
import type { Address, UrlStore } from './url-store.ts';

const UrlStoreContext = createContext<UrlStore | null>(null);

export const UrlStoreProvider = UrlStoreContext.Provider;

export function useUrlState(): Address & Pick<UrlStore, 'push' | 'replace'> {
  const store = useContext(UrlStoreContext);
  if (store === null) throw new Error('useUrlState needs a UrlStoreProvider around it');
  const { state, problems, zone } = useSyncExternalStore(store.subscribe, store.read);
  return { state, problems, zone, push: store.push, replace: store.replace };
}

/** The selected time zone; use it for every displayed time. */
export function useZone(): Zone {
  return useUrlState().zone;
}
