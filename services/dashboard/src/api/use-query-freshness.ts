import { useNow } from '../time/use-now.ts';
import { useUrlState } from '../url-state/url-state-context.ts';
import { staleAfterMs } from './refresh-policy.ts';

export interface ShownQuery {
  isError: boolean;
  error: Error | null;
  isPlaceholderData: boolean;
  dataUpdatedAt: number;
  /** A panel that holds its place on purpose is not stale. */
  isHeld?: boolean;
}

interface QueryFreshness {
  /** Since when the panel has had no answer, where it should have had one. */
  staleSince: number | null;
  /** What is shown answers the question before; the new answer is under way. */
  isReplacing: boolean;
}

export function useQueryFreshness(query: ShownQuery): QueryFreshness {
  const nowMs = useNow();
  const follows = useUrlState().state.time.mode === 'live' && query.isHeld !== true;
  const isOverdue = follows && nowMs - query.dataUpdatedAt > staleAfterMs;
  const isStale = (query.isError || isOverdue) && !query.isPlaceholderData && query.dataUpdatedAt > 0;
  return { staleSince: isStale ? query.dataUpdatedAt : null, isReplacing: query.isPlaceholderData };
}
