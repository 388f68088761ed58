import type { Alerts } from '@sensor-sentinel/contracts';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.ts';
import { ApiError } from '../../api/api-error.ts';
import { idleIntervalMs, toRefreshPolicy } from '../../api/refresh-policy.ts';
import { useNow } from '../../ui/use-now.ts';
import { useLiveStream } from '../stream/live-provider.tsx';
import { useUrlState } from '../url-state/url-state-context.ts';
import { withEvents } from './with-events.ts';

/** The current state of the selected sensors. Also follows them while paused, because an outdated "no anomaly" would be wrong. */
export function useAlerts() {
  const api = useApi();
  const { time, type, sensors } = useUrlState().state;
  return useQuery({
    queryKey: ['alerts', type, sensors],
    queryFn: ({ signal }) => api.getAlerts({ type, sensor_id: sensors }, signal),
    ...toRefreshPolicy(time.mode !== 'historical', {
      // The stream keeps the states up to date. The answer is that of this query.
      everyMs: idleIntervalMs,
      apply: (answer, events) => withEvents(answer as Alerts, events, sensors),
    }),
  });
}

interface ApiContact {
  /** Up to when the state is known while it is not known now (0: not at all); null while it is known. */
  lostSince: number | null;
  /** Why, as a part of a sentence. */
  reason: string;
}

/** Without a stream, a visible window asks every 5 s. */
const overdueMs = 12_000;

/** Whether the present state is known. */
export function useApiContact(): ApiContact {
  const nowMs = useNow();
  const { data, error, dataUpdatedAt } = useAlerts();
  const { status } = useLiveStream();
  const isFollowing = useUrlState().state.time.mode !== 'historical';
  const isUnheard = isFollowing && (status === 'down' || status === 'off');
  const isOverdue = isUnheard && dataUpdatedAt > 0 && nowMs - dataUpdatedAt > overdueMs;
  const isLost = error !== null || isOverdue;
  return { lostSince: isLost ? toKnownAt(data) : null, reason: toReason(error) };
}

function toKnownAt(alerts: Alerts | undefined): number {
  if (alerts === undefined) return 0;
  const { as_of, newest_at } = alerts;
  return Date.parse(newest_at !== null && newest_at > as_of ? newest_at : as_of);
}

function toReason(error: Error | null): string {
  if (!(error instanceof ApiError) || !error.isAnswer) return 'the API does not answer';
  return error.isDatabaseDown ? 'the database does not answer' : error.message;
}

/** The age of the newest reading of the selected sensors; null if there is none, or it is not known yet. */
export function useNewestAgeMs(): number | null {
  useNow();
  const nowMs = useApi().now();
  const newest = useAlerts().data?.newest_at ?? null;
  return newest === null ? null : Math.max(0, nowMs - Date.parse(newest));
}
