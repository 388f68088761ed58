import { useQuery } from '@tanstack/react-query';
import { useApi } from './api-context.ts';

const modelsRefreshIntervalMs = 5000;

/** Every model of the API's folder, followed, since others may activate one too. */
export function useModels() {
  const api = useApi();
  return useQuery({
    queryKey: ['models'],
    queryFn: ({ signal }) => api.getModels(signal),
    refetchInterval: modelsRefreshIntervalMs,
  });
}
