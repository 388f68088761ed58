import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.ts';
import { refreshIntervalMs, retryIntervalMs } from '../../api/refresh-policy.ts';
import { useUrlState } from '../url-state/url-state-context.ts';

/** The model in use for the shown type; disabled while it has none. */
export function useModel() {
  const api = useApi();
  const { state, type } = useUrlState();
  return useQuery({
    queryKey: ['model', state.type],
    queryFn: ({ signal }) => api.getModel({ type: state.type }, signal),
    enabled: type?.model != null,
    refetchInterval: refreshIntervalMs,
  });
}

/** All models of the shown type; polled because other users may activate one. */
export function useModels() {
  const api = useApi();
  const { type } = useUrlState().state;
  return useQuery({
    queryKey: ['models', type],
    queryFn: ({ signal }) => api.getModels({ type }, signal),
    refetchInterval: refreshIntervalMs,
  });
}

/**
 * What would change with another model; activates nothing. Retried until it succeeds, but not refreshed: the result must not
 * change while it is being read.
 */
export function useDryRun(name: string, inUse: string | undefined) {
  const api = useApi();
  return useQuery({
    queryKey: ['dry-run', name, inUse],
    queryFn: () => api.activateModel(name, { dry_run: true }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchInterval: ({ state }) => (state.status === 'error' ? retryIntervalMs : false),
  });
}

interface ActivationRequest {
  name: string;
  /** The largest share of predictions that may change; undefined: the default of the API. */
  maxChanged: number | undefined;
}

/** Activates another model, unless too many predictions would change. */
export function useActivation() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    networkMode: 'always',
    mutationFn: ({ name, maxChanged }: ActivationRequest) =>
      api.activateModel(name, { max_changed: maxChanged }),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['models'] }),
        queries.invalidateQueries({ queryKey: ['model'] }),
      ]),
  });
}
