import { useQuery } from '@tanstack/react-query';
import { useUrlState } from '../url-state/url-state-context.ts';
import { useApi } from './api-context.ts';
import { useLiveStream } from './live-provider.tsx';
import { toAlertsKey } from './refresh-live.ts';
import { alertsIntervalMs, toRefreshPolicy } from './refresh-policy.ts';

/**
 * The current state. Also refreshed while paused, because an outdated "no anomaly" would be wrong, and in hidden tabs,
 * because their titles show it.
 */
export function useAlerts() {
  const api = useApi();
  const { status } = useLiveStream();
  const { time, type } = useUrlState().state;
  const policy = toRefreshPolicy(time.mode !== 'historical');
  return useQuery({
    queryKey: toAlertsKey(type),
    queryFn: ({ signal }) => api.getAlerts({ type }, signal),
    ...policy,
    refetchInterval: (query) => {
      const intervalMs = policy.refetchInterval(query);
      if (intervalMs === false || status === 'down' || query.state.status === 'error') return intervalMs;
      return alertsIntervalMs;
    },
    refetchIntervalInBackground: true,
  });
}
