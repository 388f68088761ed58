import { useQuery } from '@tanstack/react-query';
import { useApi } from './api-context.ts';
import { ApiError } from './api-error.ts';
import { retryIntervalMs } from './refresh-policy.ts';

/** A reading and the model that scored it do not change; what the API refuses is not asked again by itself. */
export function useExplanation(readingId: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['explanation', readingId],
    queryFn: ({ signal }) => api.getExplanation(readingId, signal),
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: ({ state: { status, error } }) => {
      const isRefused = error instanceof ApiError && error.isAnswer;
      return status === 'error' && !isRefused ? retryIntervalMs : false;
    },
  });
}
