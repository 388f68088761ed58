import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.ts';
import { alertsIntervalMs, toRefreshPolicy } from '../../api/refresh-policy.ts';
import { useLiveStream } from '../stream/live-provider.tsx';
import { toAlertsKey } from '../stream/refresh-live.ts';
import { useUrlState } from '../url-state/url-state-context.ts';

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
