import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from './api-context.ts';
import { retryIntervalMs } from './refresh-policy.ts';

/** How many of the last readings a model scores again before it may serve; the API's own default. */
const replayedReadings = 1000;

/**
 * Asks how many labels another model would change, in place of the one in use, and changes nothing. Asked when it
 * begins to be shown, and again only until there is an answer: what is read must not change under the reader's eyes.
 */
export function useDryRun(name: string, { active, isAsked }: { active: string | null; isAsked: boolean }) {
  const api = useApi();
  return useQuery({
    queryKey: ['dry-run', name, active],
    queryFn: () => api.activateModel(name, { dry_run: true, last: replayedReadings }),
    enabled: isAsked,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnMount: 'always',
    gcTime: 0,
    refetchInterval: ({ state }) => (state.status === 'error' ? retryIntervalMs : false),
  });
}

interface ActivationRequest {
  name: string;
  /** The largest share of labels that may change; the API's default when left out. */
  maxChanged: number | undefined;
}

/** Puts another model in use, if the gate lets it. */
export function useActivation() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    networkMode: 'always',
    mutationFn: ({ name, maxChanged }: ActivationRequest) =>
      api.activateModel(name, { last: replayedReadings, max_changed: maxChanged }),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['models'] }),
        queries.invalidateQueries({ queryKey: ['model'] }),
      ]),
  });
}
