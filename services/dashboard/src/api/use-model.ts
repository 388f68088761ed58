import { useQuery } from '@tanstack/react-query';
import { useApi } from './api-context.ts';
import { retryIntervalMs } from './refresh-policy.ts';

const modelRefreshIntervalMs = 10_000;

export function useModel() {
  const api = useApi();
  return useQuery({
    queryKey: ['model'],
    queryFn: ({ signal }) => api.getModel(signal),
    refetchInterval: ({ state }) => (state.status === 'error' ? retryIntervalMs : modelRefreshIntervalMs),
  });
}
