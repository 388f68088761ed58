import { ApiError } from './api-error.ts';
import { retryIntervalMs } from './refresh-policy.ts';

interface RefetchedQuery {
  state: { status: string; error: Error | null };
}

/** Options for queries whose result never changes. A request that the API rejects is not retried. */
export const fixedAnswer = {
  staleTime: Number.POSITIVE_INFINITY,
  refetchInterval: ({ state: { status, error } }: RefetchedQuery) => {
    const isRefused = error instanceof ApiError && error.isAnswer;
    return status === 'error' && !isRefused ? retryIntervalMs : false;
  },
};
