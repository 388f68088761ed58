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

/** The zone that the viewer wants times in: every time that is shown takes it. */
export function useZone(): Zone {
  return useUrlState().zone;
}
