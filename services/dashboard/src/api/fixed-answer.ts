import { ApiError } from './api-error.ts';
import { retryIntervalMs } from './refresh-policy.ts';

interface AskedQuery {
  state: { status: string; error: Error | null };
}

/** Of questions whose answer never changes; what the API refuses is not asked again by itself. */
export const fixedAnswer = {
  staleTime: Number.POSITIVE_INFINITY,
  refetchInterval: ({ state: { status, error } }: AskedQuery) => {
    const isRefused = error instanceof ApiError && error.isAnswer;
    return status === 'error' && !isRefused ? retryIntervalMs : false;
  },
};
