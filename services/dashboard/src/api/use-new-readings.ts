import { skipToken, useQuery } from '@tanstack/react-query';
import { useUrlState } from '../url-state/url-state-context.ts';
import { useApi } from './api-context.ts';
import { refreshIntervalMs } from './refresh-policy.ts';

/** How many readings arrived since the pause. */
export function useNewReadings() {
  const api = useApi();
  const { time, sensor } = useUrlState().state;
  const from = time.mode === 'paused' ? time.pausedAt : null;
  return useQuery({
    queryKey: ['new-readings', from, sensor],
    queryFn:
      from === null
        ? skipToken
        : async ({ signal }) => {
            const stats = await api.getStats({ from, sensor_id: sensor ?? undefined }, signal);
            return { count: stats.count, anomalies: stats.anomalies };
          },
    refetchInterval: refreshIntervalMs,
  });
}
