import { staleAfterMs } from '../../api/refresh-policy.ts';
import { useNow } from '../../ui/use-now.ts';
import { useUrlState } from '../url-state/url-state-context.ts';

export interface ShownQuery {
  isError: boolean;
  error: Error | null;
  isPlaceholderData: boolean;
  dataUpdatedAt: number;
  /** Refreshing is paused on purpose, so the panel is not stale. */
  isHeld?: boolean;
}

interface QueryFreshness {
  /** Time of the last successful refresh when one is overdue or has failed; otherwise null. */
  staleSince: number | null;
  /** The previous result is shown while the new one is loading. */
  isReplacing: boolean;
}

export function useQueryFreshness(query: ShownQuery): QueryFreshness {
  const nowMs = useNow();
  const follows = useUrlState().state.time.mode === 'live' && query.isHeld !== true;
  const isOverdue = follows && nowMs - query.dataUpdatedAt > staleAfterMs;
  const isStale = (query.isError || isOverdue) && !query.isPlaceholderData && query.dataUpdatedAt > 0;
  return { staleSince: isStale ? query.dataUpdatedAt : null, isReplacing: query.isPlaceholderData };
}
