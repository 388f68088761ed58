import { maxEpisodes } from '@sensor-sentinel/contracts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { toQueryWindow } from '../url-state/time-transitions.ts';
import { useUrlState } from '../url-state/url-state-context.ts';
import { useApi } from './api-context.ts';
import { toRefreshPolicy } from './refresh-policy.ts';

const refreshIntervalMs = 5000;

/** The newest alert episodes of the window, one page, for the charts. */
export function useNewestEpisodes() {
  const api = useApi();
  const { time, sensors, type } = useUrlState().state;
  const isLive = time.mode === 'live';
  const policy = toRefreshPolicy(isLive);
  return useQuery({
    queryKey: ['newest-episodes', isLive ? time.range : [time.from, time.to], sensors, type],
    queryFn: ({ signal }) => {
      const window = toQueryWindow(time, api.now());
      return api.getEpisodes({ ...window, type, sensor_id: sensors, limit: maxEpisodes }, signal);
    },
    placeholderData: keepPreviousData,
    ...policy,
    refetchInterval: (query) => (policy.refetchInterval(query) === false ? false : refreshIntervalMs),
    meta: { isLive: false },
  });
}
