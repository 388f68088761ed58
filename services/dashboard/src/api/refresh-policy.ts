export const refreshIntervalMs = 2000;
export const retryIntervalMs = 5000;

/** The stream tells what changes meanwhile: this is the check on it. Without a stream they are asked as all else is. */
export const alertsIntervalMs = 5000;
/** Time for one answer after that. */
export const alertsStaleAfterMs = alertsIntervalMs + 5000;

/** Three missed answers in a row are no longer a hiccup. */
export const staleAfterMs = 3 * refreshIntervalMs + 1000;

interface QueryStatus {
  state: { status: 'pending' | 'error' | 'success' };
}

/** What is followed is fetched again and again; what is fixed once, and again only until it has been had. */
export function toRefreshPolicy(follows: boolean) {
  return {
    staleTime: follows ? 0 : Number.POSITIVE_INFINITY,
    refetchInterval: ({ state }: QueryStatus): number | false => {
      if (follows) return refreshIntervalMs;
      return state.status === 'error' ? retryIntervalMs : false;
    },
    refetchOnWindowFocus: follows,
    refetchOnReconnect: follows,
    // Asked again at once when the stream tells of new readings; see refresh-live.ts.
    meta: { isLive: follows },
  };
}
