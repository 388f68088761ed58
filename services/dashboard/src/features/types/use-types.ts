import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.ts';
import { retryIntervalMs } from '../../api/refresh-policy.ts';

const typesRefreshIntervalMs = 30_000;

export function useTypes() {
  const api = useApi();
  return useQuery({
    queryKey: ['types'],
    queryFn: ({ signal }) => api.getTypes(signal),
    refetchInterval: ({ state }) => (state.status === 'error' ? retryIntervalMs : typesRefreshIntervalMs),
  });
}
