export const refreshIntervalMs = 2000;
export const retryIntervalMs = 5000;

/** The stream reports changes in between; this is a safety net. Without a stream, alerts poll like all other queries. */
export const alertsIntervalMs = 5000;
/** Leaves time for one response. */
export const alertsStaleAfterMs = alertsIntervalMs + 5000;

/** Three missed refreshes. */
export const staleAfterMs = 3 * refreshIntervalMs + 1000;

interface QueryStatus {
  state: { status: 'pending' | 'error' | 'success' };
}

/** Live queries poll. Fixed queries are fetched once, and retried until they succeed. */
export function toRefreshPolicy(follows: boolean) {
  return {
    staleTime: follows ? 0 : Number.POSITIVE_INFINITY,
    refetchInterval: ({ state }: QueryStatus): number | false => {
      if (follows) return refreshIntervalMs;
      return state.status === 'error' ? retryIntervalMs : false;
    },
    refetchOnWindowFocus: follows,
    refetchOnReconnect: follows,
    // Refetched at once when the stream reports new readings; see refresh-live.ts.
    meta: { isLive: follows },
  };
}
