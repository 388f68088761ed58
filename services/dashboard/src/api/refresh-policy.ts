import type { AlertEvent, ReadingEvent } from '@sensor-sentinel/contracts';
import type {} from '@tanstack/react-query';
import { ApiError } from './api-error.ts';

/** Shortest time between two fetches of a live query while events arrive. Without a stream, queries poll at this interval. */
export const refreshIntervalMs = 5000;
export const retryIntervalMs = 5000;

/** Refetch interval of live queries while no event arrives. */
export const idleIntervalMs = 30_000;

/** A live answer that is older than this is out of date. Leaves time for one slow response. */
export const staleAfterMs = idleIntervalMs + 10_000;

/** What has arrived over the stream, in the order of arrival. */
export interface LiveEvents {
  readings: readonly ReadingEvent[];
  alerts: readonly AlertEvent[];
}

/** How a query follows the stream; see features/stream/live-updates.ts. */
interface LiveMeta extends Record<string, unknown> {
  isLive?: boolean;
  /** Also asked while the window is hidden. */
  inBackground?: boolean;
  /** A query that changes slowly, or is costly, is asked again this often at most. */
  everyMs?: number;
  /** The stream says when the answer changes, so that it is asked again that seldom only while there is a stream. */
  isAnnounced?: boolean;
  /** Adds events to the answer; null if it must be asked again. */
  apply?: (answer: unknown, events: LiveEvents) => unknown;
}

declare module '@tanstack/react-query' {
  interface Register {
    queryMeta: LiveMeta;
  }
}

interface QueryStatus {
  state: { status: 'pending' | 'error' | 'success'; error?: Error | null };
}

/** Live queries follow the stream. Fixed queries are fetched once, and retried until they succeed. */
export function toRefreshPolicy(follows: boolean, live: LiveMeta = {}) {
  return {
    staleTime: follows ? 0 : Number.POSITIVE_INFINITY,
    refetchInterval: ({ state }: QueryStatus): number | false => {
      if (state.status === 'error') return retryIntervalMs;
      return follows && Math.max(idleIntervalMs, live.everyMs ?? 0);
    },
    refetchIntervalInBackground: live.inBackground === true,
    // A window that is visible again is brought up to date by the live updates.
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    meta: { ...live, isLive: follows },
  };
}

/** Options for queries whose result never changes. A request that the API rejects is not retried. */
export const fixedAnswer = {
  staleTime: Number.POSITIVE_INFINITY,
  refetchInterval: ({ state: { status, error } }: QueryStatus) => {
    const isRefused = error instanceof ApiError && error.isAnswer;
    return status === 'error' && !isRefused ? retryIntervalMs : false;
  },
};
