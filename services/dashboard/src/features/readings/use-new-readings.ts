import { skipToken, useQuery } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.ts';
import { toRefreshPolicy } from '../../api/refresh-policy.ts';
import { useUrlState } from '../url-state/url-state-context.ts';

/** The number of readings since live mode was paused. */
export function useNewReadings() {
  const api = useApi();
  const { time, sensors, type } = useUrlState().state;
  const from = time.mode === 'paused' ? time.pausedAt : null;
  return useQuery({
    queryKey: ['new-readings', from, sensors, type],
    queryFn:
      from === null
        ? skipToken
        : async ({ signal }) => {
            const stats = await api.getStats({ from, type, sensor_id: sensors }, signal);
            return { count: stats.count, anomalies: stats.anomalies };
          },
    ...toRefreshPolicy(true),
  });
}
