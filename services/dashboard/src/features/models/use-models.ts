import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.ts';
import { useUrlState } from '../url-state/url-state-context.ts';

const modelsRefreshIntervalMs = 5000;

/** All models of the shown type; polled because other users may activate one. */
export function useModels() {
  const api = useApi();
  const { type } = useUrlState().state;
  return useQuery({
    queryKey: ['models', type],
    queryFn: ({ signal }) => api.getModels({ type }, signal),
    refetchInterval: modelsRefreshIntervalMs,
  });
}
