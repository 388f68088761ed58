import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.ts';
import { retryIntervalMs } from '../../api/refresh-policy.ts';

/** How many recent readings the model scores for comparison before it is activated; the default of the API. */
const comparedReadings = 1000;

/**
 * How many predictions would change with another model; activates nothing. Fetched when first shown and retried until
 * it succeeds, but not refreshed: the result must not change while it is being read.
 */
export function useDryRun(
  name: string,
  { active, isEnabled }: { active: string | null; isEnabled: boolean },
) {
  const api = useApi();
  return useQuery({
    queryKey: ['dry-run', name, active],
    queryFn: () => api.activateModel(name, { dry_run: true, last: comparedReadings }),
    enabled: isEnabled,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnMount: 'always',
    gcTime: 0,
    refetchInterval: ({ state }) => (state.status === 'error' ? retryIntervalMs : false),
  });
}

interface ActivationRequest {
  name: string;
  /** The largest share of predictions that may change; undefined: the default of the API. */
  maxChanged: number | undefined;
}

/** Activates another model if it passes the gate. */
export function useActivation() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    networkMode: 'always',
    mutationFn: ({ name, maxChanged }: ActivationRequest) =>
      api.activateModel(name, { last: comparedReadings, max_changed: maxChanged }),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['models'] }),
        queries.invalidateQueries({ queryKey: ['model'] }),
      ]),
  });
}
