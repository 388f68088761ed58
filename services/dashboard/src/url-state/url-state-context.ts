import { createContext, useContext, useSyncExternalStore } from 'react';
import type { ParsedUrlState } from './parse-url-state.ts';
import type { UrlStore } from './url-store.ts';

const UrlStoreContext = createContext<UrlStore | null>(null);

export const UrlStoreProvider = UrlStoreContext.Provider;

export function useUrlState(): ParsedUrlState & Pick<UrlStore, 'push' | 'replace'> {
  const store = useContext(UrlStoreContext);
  if (store === null) throw new Error('useUrlState needs a UrlStoreProvider around it');
  const { state, problems } = useSyncExternalStore(store.subscribe, store.read);
  return { state, problems, push: store.push, replace: store.replace };
}
