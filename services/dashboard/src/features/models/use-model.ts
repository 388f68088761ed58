import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.ts';
import { retryIntervalMs } from '../../api/refresh-policy.ts';
import { useUrlState } from '../url-state/url-state-context.ts';

const modelRefreshIntervalMs = 10_000;

/** The model in use for the shown type; disabled while it has none. */
export function useModel() {
  const api = useApi();
  const { state, type } = useUrlState();
  return useQuery({
    queryKey: ['model', state.type],
    queryFn: ({ signal }) => api.getModel({ type: state.type }, signal),
    enabled: type?.model != null,
    refetchInterval: ({ state }) => (state.status === 'error' ? retryIntervalMs : modelRefreshIntervalMs),
  });
}
