import type { Feature, TypeAnswer } from '@sensor-sentinel/contracts';
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Zone } from '../time/zone.ts';
import type { Address, UrlStore } from './url-store.ts';

const UrlStoreContext = createContext<UrlStore | null>(null);

export const UrlStoreProvider = UrlStoreContext.Provider;

export function useUrlState(): Address & Pick<UrlStore, 'push' | 'replace' | 'setTypes'> {
  const store = useContext(UrlStoreContext);
  if (store === null) throw new Error('useUrlState needs a UrlStoreProvider around it');
  const { push, replace, setTypes } = store;
  return { ...useSyncExternalStore(store.subscribe, store.read), push, replace, setTypes };
}

/** The selected time zone; use it for every displayed time. */
export function useZone(): Zone {
  return useUrlState().zone;
}

/** The sensor type that is shown. Pages are rendered once it is known. */
export function useSensorType(): TypeAnswer {
  const { type } = useUrlState();
  if (type === null) throw new Error('useSensorType needs loaded sensor types');
  return type;
}

/** The features of the type with this name, or those of the shown type if no type has this name. */
export function useFeaturesOf(name: string | undefined): readonly Feature[] {
  const shown = useSensorType();
  const { types } = useUrlState();
  return (types?.find((type) => type.name === name) ?? shown).features;
}
