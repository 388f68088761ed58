import { useQuery } from '@tanstack/react-query';
import { useApi } from './api-context.ts';

const modelsRefreshIntervalMs = 5000;

/** All models of the API; polled because other users may activate one. */
export function useModels() {
  const api = useApi();
  return useQuery({
    queryKey: ['models'],
    queryFn: ({ signal }) => api.getModels(signal),
    refetchInterval: modelsRefreshIntervalMs,
  });
}
