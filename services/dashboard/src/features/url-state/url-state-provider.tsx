import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useCallback, useMemo, useSyncExternalStore } from 'react';
import { useApi } from '../../api/api-context.ts';
import { retryIntervalMs } from '../../api/refresh-policy.ts';
import { loadStored, store } from '../../ui/stored-choice.ts';
import { createZone, isZoneName } from '../time/zone.ts';
import { findType, formatUrlState, parseUrlState } from './query-string.ts';
import type { UrlState } from './url-state.ts';
import { type Address, UrlStateContext } from './url-state-context.ts';

const zoneKey = 'sensor-sentinel-zone';

/** Keeps the state of the page in the URL: it is read from there, and every change goes there first. */
export function UrlStateProvider({ children }: { children: ReactNode }) {
  const queryString = useSyncExternalStore(subscribe, () => window.location.search);
  const types = useTypes().data?.types ?? null;
  const parsed = useMemo(
    () => parseUrlState(queryString, { zone: loadZoneName(), types }),
    [queryString, types],
  );
  const zone = useMemo(() => createZone(parsed.state.zone), [parsed.state.zone]);

  const change = useCallback(
    (update: (state: UrlState) => UrlState, method: 'pushState' | 'replaceState') => {
      const { state } = parseUrlState(window.location.search, { zone: loadZoneName(), types });
      const next = update(state);
      if (next.zone !== state.zone) store(zoneKey, next.zone);
      const search = `?${formatUrlState(next)}`;
      if (search === window.location.search) return;
      window.history[method](null, '', search);
      // The browser reports only the back and forward buttons.
      window.dispatchEvent(new PopStateEvent('popstate'));
    },
    [types],
  );

  const address = useMemo(
    (): Address => ({
      ...parsed,
      zone,
      types,
      type: findType(types, parsed.state.type),
      push: (update) => change(update, 'pushState'),
      replace: (update) => change(update, 'replaceState'),
    }),
    [parsed, zone, types, change],
  );
  return <UrlStateContext value={address}>{children}</UrlStateContext>;
}

const typesRefreshIntervalMs = 30_000;

export function useTypes() {
  const api = useApi();
  return useQuery({
    queryKey: ['types'],
    queryFn: ({ signal }) => api.getTypes(signal),
    refetchInterval: ({ state }) => (state.status === 'error' ? retryIntervalMs : typesRefreshIntervalMs),
  });
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('popstate', listener);
  return () => window.removeEventListener('popstate', listener);
}

/** The time zone that was selected last. */
function loadZoneName(): string | undefined {
  const name = loadStored(zoneKey);
  return name !== null && isZoneName(name) ? name : undefined;
}
