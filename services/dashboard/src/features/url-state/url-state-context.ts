import type { Feature, TypeAnswer } from '@sensor-sentinel/contracts';
import { createContext, useContext } from 'react';
import type { Zone } from '../time/zone.ts';
import type { UrlState } from './url-state.ts';

type Change = (update: (state: UrlState) => UrlState) => void;

export interface Address {
  state: UrlState;
  /** The invalid parameters, as text for the user. */
  problems: readonly string[];
  /** The time zone that `state.zone` names. */
  zone: Zone;
  /** All sensor types, and the one that is shown; null until they are loaded. */
  types: readonly TypeAnswer[] | null;
  type: TypeAnswer | null;
  /** Adds a history entry, so that the back button undoes the change. */
  push: Change;
  /** Replaces the history entry, for typing. */
  replace: Change;
}

export const UrlStateContext = createContext<Address | null>(null);

export function useUrlState(): Address {
  const address = useContext(UrlStateContext);
  if (address === null) throw new Error('useUrlState needs a UrlStateProvider around it');
  return address;
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
