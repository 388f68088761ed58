import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useApi } from '../../api/api-context.ts';
import { retryIntervalMs } from '../../api/refresh-policy.ts';
import { useUrlState } from '../url-state/url-state-context.ts';

const typesRefreshIntervalMs = 30_000;

/** Loads the sensor types; afterwards, `useUrlState` has them. */
export function useTypes() {
  const api = useApi();
  const { setTypes } = useUrlState();
  const query = useQuery({
    queryKey: ['types'],
    queryFn: ({ signal }) => api.getTypes(signal),
    refetchInterval: ({ state }) => (state.status === 'error' ? retryIntervalMs : typesRefreshIntervalMs),
  });
  const types = query.data?.types;
  useEffect(() => {
    if (types !== undefined) setTypes(types);
  }, [types, setTypes]);
  return query;
}
